// SPDX-License-Identifier: GPL-3.0-or-later
// What is found in curves, and what is not.
#include "core/runs/run_findings.h"
#include "support/fake_backend.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace preflab;

namespace {

/// A log whose metrics follow functions of the step.
struct Curves {
    RunLog log;

    Curves() { log.setAutoCommit(); }
    void add(std::int64_t steps, const std::vector<std::pair<const char*, std::function<double(double)>>>& metrics)
    {
        for (std::int64_t step = 1; step <= steps; ++step) {
            MetricRow row{step, 0.0, {}};
            for (const auto& [name, value] : metrics)
                row.values.push_back({log.nameOf(name), value(static_cast<double>(step))});
            log.append(std::move(row));
        }
    }
};

ComponentDescription method(bool needsReference)
{
    ComponentDescription description;
    description.needsReference = needsReference;
    return description;
}

const RunFinding* find(const std::vector<RunFinding>& findings, RunFinding::Kind kind)
{
    const auto found = std::ranges::find(findings, kind, &RunFinding::kind);
    return found == findings.end() ? nullptr : &*found;
}

}  // namespace

class RunFindingsTest : public QObject {
    Q_OBJECT

private slots:
    void theFirstLossOfAModelAgainstItselfIsLn2()
    {
        Curves curves;
        curves.add(3, {{"loss", [](double step) { return std::numbers::ln2 / step; }}});
        QVERIFY(find(findingsOf(curves.log, method(true)), RunFinding::Kind::FirstLossIsLn2));
        QVERIFY(findingsOf(curves.log, method(false)).empty());
        Curves others;
        others.add(3, {{"loss", [](double) { return 0.9; }}});
        const auto findings = findingsOf(others.log, method(true));
        const RunFinding* alarm = find(findings, RunFinding::Kind::FirstLossIsNotLn2);
        QVERIFY(alarm && alarm->isAlarm() && alarm->from == 1);
        QVERIFY(findingText(*alarm).find("0.9000 instead of 0.6931") != std::string::npos);
    }

    void chosenAnswersThatFallRaiseAnAlarm()
    {
        const auto chosen = [](double step) { return -50.0 - std::max(0.0, step - 60.0) * 0.1; };
        const auto rejected = [](double step) { return -50.0 - std::max(0.0, step - 60.0) * 0.3; };
        Curves falling;
        falling.add(200, {{"logps/chosen", chosen}, {"logps/rejected", rejected}});
        const auto findings = findingsOf(falling.log, method(false));
        const RunFinding* alarm = find(findings, RunFinding::Kind::ChosenFalls);
        QVERIFY(alarm && alarm->to == 200 && alarm->from > 10 && alarm->value > 5.0);
        // Both fall alike: the margin does not grow.
        Curves both;
        both.add(200, {{"logps/chosen", chosen}, {"logps/rejected", chosen}});
        QVERIFY(findingsOf(both.log, method(false)).empty());
        Curves tooShort;
        tooShort.add(39, {{"logps/chosen", chosen}, {"logps/rejected", rejected}});
        QVERIFY(findingsOf(tooShort.log, method(false)).empty());
    }

    void aPreferenceThatHardlyCountsRaisesAnAlarm()
    {
        Curves weak;
        weak.add(60, {{"loss", [](double) { return 2.0; }}, {"nll_loss", [](double) { return 1.94; }}});
        const auto findings = findingsOf(weak.log, method(false));
        const RunFinding* alarm = find(findings, RunFinding::Kind::PreferenceIsWeak);
        QVERIFY(alarm && std::abs(alarm->value - 0.03) < 1e-9);
        QVERIFY(findingText(*alarm).find("3.0 %") != std::string::npos);
        Curves strong;
        strong.add(60, {{"loss", [](double) { return 2.0; }}, {"nll_loss", [](double) { return 1.8; }}});
        QVERIFY(findingsOf(strong.log, method(false)).empty());
        QVERIFY(std::isnan(preferenceShare(0.0, 1.0)) && std::isnan(preferenceShare(1.0, std::nan(""))));
    }

    void alarmsComeFirst()
    {
        Curves curves;
        curves.add(60, {{"loss", [](double) { return std::numbers::ln2; }},
                        {"nll_loss", [](double) { return std::numbers::ln2 * 0.99; }}});
        const auto findings = findingsOf(curves.log, method(true));
        QCOMPARE(findings.size(), std::size_t(2));
        QVERIFY(findings[0].isAlarm() && !findings[1].isAlarm());
        QVERIFY(runFindingId(findings[0].kind) == "preference-is-weak");
    }
};

QTEST_GUILESS_MAIN(RunFindingsTest)
#include "run_findings_test.moc"
