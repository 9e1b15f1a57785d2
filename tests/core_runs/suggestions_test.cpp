// SPDX-License-Identifier: GPL-3.0-or-later
// Shares as rows, proposals by size, and what is said of a run before it starts.
#include "core/runs/start_checks.h"
#include "core/runs/suggestions.h"

#include <QtTest>

#include <algorithm>

using namespace preflab;

namespace {

using Code = StartCheck::Code;

/// A run on 100 pairs, of which nothing odd is known.
StartFacts soundFacts()
{
    StartFacts facts;
    facts.method = "DPO";
    facts.needsPairs = true;
    facts.dataKind = RowKind::Preference;
    facts.rows = 100;
    facts.heldOut = 10;
    facts.schedule = "linear";
    facts.warmupSteps = 0.0;
    facts.steps = 40;
    facts.maxLength = 1024;
    facts.truncation = TruncationSummary{.pairs = 100, .longest = 512};
    return facts;
}

/// The check with that code; nullptr if it is not made.
const StartCheck* find(const std::vector<StartCheck>& checks, Code code)
{
    const auto found = std::ranges::find(checks, code, &StartCheck::code);
    return found == checks.end() ? nullptr : &*found;
}

}  // namespace

class SuggestionsTest : public QObject {
    Q_OBJECT

private slots:
    void sharesBecomeRows()
    {
        QCOMPARE(heldOutRows(1000, 0.1), 100U);
        QCOMPARE(heldOutRows(25, 0.1), 3U);
        QCOMPARE(heldOutRows(10, 0.01), 1U);
        QCOMPARE(heldOutRows(10, 0.99), 9U);
        QCOMPARE(heldOutRows(2, 0.5), 1U);
        QCOMPARE(heldOutRows(1, 0.5), 0U);
        QCOMPARE(heldOutRows(0, 0.5), 0U);
        QCOMPARE(heldOutRows(1000, 0.0), 0U);
    }

    void smallModelsGetLargerRates()
    {
        QCOMPARE(suggestedLearningRate(260'000).value(), 5e-5);
        QCOMPARE(suggestedLearningRate(135'000'000).value(), 5e-6);
        QVERIFY(!suggestedLearningRate(7'000'000'000));
        QVERIFY(!suggestedLearningRate(0));
    }

    void evaluationsComeAboutTenTimes()
    {
        QCOMPARE(suggestedEvaluationInterval(339), std::int64_t(20));
        QCOMPARE(suggestedEvaluationInterval(5), std::int64_t(1));
        QCOMPARE(suggestedEvaluationInterval(5000), std::int64_t(500));
    }

    void aSoundRunPasses()
    {
        for (const StartCheck& check : startChecks(soundFacts()))
            QVERIFY2(check.kind == StartCheck::Kind::Passed, startCheckText(check).c_str());
        // Nothing is said of what is not known.
        QCOMPARE(startChecks({}).size(), std::size_t(0));
    }

    void whatIsOddIsSaidInItsNumber()
    {
        StartFacts facts = soundFacts();
        facts.findings.badRows = 1;
        facts.findings.identicalSides = 3;
        facts.findings.emptySides = 1;
        facts.truncation = TruncationSummary{100, 31, 2, 1, 500, 2000};
        facts.heldOut = 0;
        facts.warmupSteps = 40.0;
        const auto checks = startChecks(facts);
        const std::pair<Code, const char*> sentences[] = {
            {Code::RowsUnreadable, "1 row could not be read and is left out."},
            {Code::IdenticalSides, "3 pairs have two identical answers and teach no preference."},
            {Code::EmptySides, "1 pair has an empty answer."},
            {Code::Shortened, "31 pairs are longer than 1,024 tokens; their ends are cut off."},
            {Code::PromptFills, "2 pairs are left out: the prompt alone fills 1,024 tokens."},
            {Code::EqualOnceCut, "1 pair has two equal answers once it is cut, and teaches nothing."},
            {Code::NothingHeldOut, "Nothing is held out, so nothing will tell whether training helped."},
            {Code::WarmUpTooLong,
             "Warm-up lasts as long as the whole run of 40 steps: the learning rate is never reached."}};
        for (const auto& [code, sentence] : sentences) {
            const StartCheck* check = find(checks, code);
            QVERIFY2(check != nullptr && check->kind == StartCheck::Kind::Warning, sentence);
            QCOMPARE(startCheckText(*check), std::string(sentence));
            QVERIFY(!startCheckId(code).empty());
        }
        QCOMPARE(find(checks, Code::Shortened)->remedies.front().text, std::string("2000"));
    }

    void whatCannotStartIsAProblem()
    {
        StartFacts facts = soundFacts();
        facts.dataKind = RowKind::Text;
        QCOMPARE(find(startChecks(facts), Code::NeedsPairs)->kind, StartCheck::Kind::Problem);
        facts = soundFacts();
        facts.rows = 0;
        QCOMPARE(find(startChecks(facts), Code::EveryRowLeftOut)->kind, StartCheck::Kind::Problem);
        facts = soundFacts();
        facts.schedule = "constant";
        facts.warmupSteps = 0.1;
        QCOMPARE(find(startChecks(facts), Code::NoWarmUp)->remedies.front().text, std::string("constant_with_warmup"));
        facts.estimate.emplace();
        facts.estimate->memoryBytes = 18'000'000'000;
        facts.estimate->availableBytes = 15'000'000'000;
        facts.batchSize = 8;
        QCOMPARE(find(startChecks(facts), Code::TooLargeForMemory)->remedies.front().text, std::string("4"));
    }
};

QTEST_GUILESS_MAIN(SuggestionsTest)
#include "suggestions_test.moc"
