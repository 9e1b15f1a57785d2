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
    void rewardsThatStartAtZeroShowThatModelAndReferenceAgree()
    {
        // A weighted loss starts anywhere.
        const auto loss = [](double) { return 0.0065; };
        Curves curves;
        curves.add(3, {{"loss", loss},
                       {"rewards/chosen", [](double step) { return 0.1 * (step - 1.0); }},
                       {"rewards/rejected", [](double step) { return 1e-7 + 0.1 * (1.0 - step); }}});
        const auto agreeing = findingsOf(curves.log, method(true));
        QVERIFY(agreeing.size() == 1 && agreeing.front().kind == RunFinding::Kind::ReferenceAgrees);
        QVERIFY(findingsOf(curves.log, method(false)).empty());
        Curves others;
        // Both moved alike: the margin, and with it the loss, are as at a true start.
        others.add(3, {{"loss", [](double) { return std::numbers::ln2; }},
                       {"rewards/chosen", [](double) { return -0.25; }},
                       {"rewards/rejected", [](double) { return -0.25; }}});
        const auto findings = findingsOf(others.log, method(true));
        const RunFinding* alarm = find(findings, RunFinding::Kind::ReferenceDiffers);
        QVERIFY(alarm && alarm->isAlarm() && alarm->from == 1);
        QVERIFY(findingText(*alarm).find("as large as 0.25 instead of 0") != std::string::npos);
    }

    void chosenRewardsThatFallRaiseAnAlarm()
    {
        const auto noise = [](double step) { return 0.3 * std::sin(17.0 * step * step); };
        const auto chosen = [&](double step) { return noise(step) - std::max(0.0, step - 60.0) * 0.02; };
        const auto margin = [&](double step) { return noise(step + 0.3) + step * 0.03; };
        Curves falling;
        falling.add(200, {{"rewards/chosen", chosen}, {"rewards/margins", margin}});
        const auto findings = findingsOf(falling.log, method(true));
        const RunFinding* alarm = find(findings, RunFinding::Kind::ChosenFalls);
        QVERIFY(alarm && alarm->to == 200 && alarm->from > 10 && alarm->value > 1.5);
        // Both fall alike: the margin does not grow.
        Curves both;
        both.add(200, {{"rewards/chosen", chosen}, {"rewards/margins", noise}});
        QVERIFY(!find(findingsOf(both.log, method(true)), RunFinding::Kind::ChosenFalls));
        Curves tooShort;
        tooShort.add(39, {{"rewards/chosen", [](double step) { return -step; }},
                          {"rewards/margins", [](double step) { return step; }}});
        QVERIFY(!find(findingsOf(tooShort.log, method(true)), RunFinding::Kind::ChosenFalls));
    }

    // Batches hold different pairs, whose log-probs lie far apart without any training.
    void batchesOfOtherPairsRaiseNoAlarm()
    {
        for (int start = 0; start < 50; ++start) {
            const auto pairs = [start](double step) {
                return 200.0 * std::sin(31.0 * (step + start) * (step + start));
            };
            Curves curves;
            curves.add(60, {{"logps/chosen", [&](double step) { return -400.0 + pairs(step) - step; }},
                            {"logps/rejected", [&](double step) { return -400.0 + pairs(step + 0.5) - 2.0 * step; }},
                            {"rewards/chosen", [&](double step) { return 1e-6 * pairs(step); }},
                            {"rewards/margins", [&](double step) { return 1e-6 * pairs(step + 0.5); }}});
            for (const bool needsReference : {true, false})
                for (const RunFinding& finding : findingsOf(curves.log, method(needsReference)))
                    QVERIFY2(!finding.isAlarm(), findingText(finding).c_str());
        }
    }

    void heldOutChosenAnswersThatFallRaiseAnAlarm()
    {
        const auto marginOf = [](const RunLog& log) {
            const auto findings = findingsOf(log, method(false));
            return find(findings, RunFinding::Kind::HeldOutChosenFalls) != nullptr;
        };
        const auto pairs = [](double) { return 0.1; };
        Curves falling;
        falling.add(3, {{"rewards/margins", pairs},
                        {"heldout/nll_chosen", [](double) { return 2.0; }},
                        {"heldout/drift_chosen", [](double step) { return -0.1 * step; }},
                        {"heldout/margin_mean", [](double step) { return 0.2 * step; }}});
        QVERIFY(marginOf(falling.log));
        Curves without;  // a method that knows no rejected answers
        without.add(3, {{"heldout/nll_chosen", [](double) { return 2.0; }},
                        {"heldout/drift_chosen", [](double step) { return -0.1 * step; }},
                        {"heldout/margin_mean", [](double step) { return 0.2 * step; }}});
        QVERIFY(!marginOf(without.log));
        Curves slight;
        slight.add(3, {{"rewards/margins", pairs},
                       {"heldout/nll_chosen", [](double) { return 2.0; }},
                       {"heldout/drift_chosen", [](double step) { return -0.01 * step; }},
                       {"heldout/margin_mean", [](double step) { return 0.2 * step; }}});
        QVERIFY(!marginOf(slight.log));
    }

    void ruinedModelsRaiseAnAlarm()
    {
        Curves heldOut;
        heldOut.add(2, {{"heldout/nll_chosen", [](double step) { return step == 1.0 ? 3.34 : 44.0; }}});
        const auto findings = findingsOf(heldOut.log, method(true));
        const RunFinding* ruined = find(findings, RunFinding::Kind::HeldOutDiverges);
        QVERIFY(ruined && ruined->isAlarm() && ruined->start == 3.34 && ruined->value == 44.0);
        QVERIFY(findingText(*ruined).find("cost 44 nats per token at step 2, and 3.34 before") != std::string::npos);
        Curves learning;
        learning.add(2, {{"heldout/nll_chosen", [](double step) { return 2.0 + step; }}});
        QVERIFY(findingsOf(learning.log, method(true)).empty());
        // Training on chosen answers must not make them less likely, unless it learns others by heart.
        for (const bool isLossUp : {true, false}) {
            Curves trained;
            trained.add(20, {{"loss", [=](double step) { return 3.3 + (isLossUp ? 0.01 : -0.1) * step; }},
                             {"heldout/nll_chosen", [](double step) { return 3.3 + 0.05 * step; }}});
            QCOMPARE(find(findingsOf(trained.log, method(false)), RunFinding::Kind::HeldOutDiverges) != nullptr,
                     isLossUp);
            QVERIFY(!find(findingsOf(trained.log, method(true)), RunFinding::Kind::HeldOutDiverges));
        }
        Curves loss;
        loss.add(30, {{"loss", [](double step) { return step < 3.0 ? 3.3 : 4.9 + 0.2 * std::sin(step); }}});
        QVERIFY(find(findingsOf(loss.log, method(false)), RunFinding::Kind::LossDiverges));
        // The losses of pairs scatter more, and start alike.
        Curves pairs;
        pairs.add(30, {{"loss", [](double step) {
                            return step == 1.0 ? 0.69 : std::fmod(step, 2.0) < 1.0 ? 1.5 : 4.5;
                        }}});
        QVERIFY(find(findingsOf(pairs.log, method(true)), RunFinding::Kind::LossDiverges));
        QVERIFY(!find(findingsOf(pairs.log, method(false)), RunFinding::Kind::LossDiverges));
        // An easy batch at the start is no reason, nor are few steps.
        Curves easy;
        easy.add(30, {{"loss", [](double step) {
                           return step == 1.0 ? 1.0 : std::fmod(step, 2.0) < 1.0 ? 2.0 : 5.0;
                       }}});
        QVERIFY(findingsOf(easy.log, method(false)).empty());
        Curves few;
        few.add(10, {{"loss", [](double step) { return step < 3.0 ? 3.3 : 20.0; }}});
        QVERIFY(findingsOf(few.log, method(false)).empty());
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
                        {"nll_loss", [](double) { return std::numbers::ln2 * 0.99; }},
                        {"rewards/chosen", [](double) { return 0.0; }},
                        {"rewards/rejected", [](double) { return 0.0; }}});
        const auto findings = findingsOf(curves.log, method(true));
        QCOMPARE(findings.size(), std::size_t(2));
        QVERIFY(findings[0].isAlarm() && !findings[1].isAlarm());
        QVERIFY(runFindingId(findings[0].kind) == "preference-is-weak");
    }
};

QTEST_GUILESS_MAIN(RunFindingsTest)
#include "run_findings_test.moc"
