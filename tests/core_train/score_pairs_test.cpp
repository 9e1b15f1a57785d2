// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of a dataset: file order, rewards against a reference, errors, cancelling.
#include "core/train/backend/score.h"
#include "core/train/checkpoint.h"
#include "support/broken_model.h"
#include "support/files.h"
#include "support/golden_pairs.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>

#include <QtTest>

#include <cmath>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

/// The rows of a golden as a dataset of texts.
std::string asLines(const Json& golden, std::size_t count)
{
    std::string lines;
    for (std::size_t i = 0; i < count; ++i) {
        const Json& row = golden["rows"][i];
        const Json line = {{"prompt", row["prompt"]}, {"chosen", row["chosen"]}, {"rejected", row["rejected"]}};
        lines += line.dump() + "\n";
    }
    return lines;
}

}  // namespace

class ScorePairsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!std::filesystem::exists(storiesFolder())) QSKIP("the reference data beside the project is not there");
        m_golden = goldenFile("dpo_sigmoid.json").value();
        writeFile(m_scratch / "pairs.jsonl", asLines(m_golden, 11));
        m_request.model = storiesFolder();
        m_request.data = m_scratch / "pairs.jsonl";
        m_request.cacheFolder = m_scratch / "cache";
        m_request.batchSize = 4;
        m_request.threads = 1;
    }

    void scoresEqualTheReferenceRun()
    {
        std::vector<PairScore> scores;
        std::uint64_t lastDone = 0;
        const auto result = scorePairs(
            m_request, [&](const PairScore& score) { scores.push_back(score); },
            [&](std::string_view phase, std::uint64_t done, std::uint64_t) {
                if (phase == "Scoring pairs") lastDone = done;
            },
            {});
        QCOMPARE(problemOf(result), QString());
        QCOMPARE(scores.size(), std::size_t{11});
        QCOMPARE(lastDone, std::uint64_t{11});
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const Json& row = m_golden["rows"][i];
            QCOMPARE(scores[i].row, std::uint32_t(i));
            QCOMPARE(scores[i].sourceNumber, std::uint64_t(i + 1));
            QCOMPARE(scores[i].chosenTokens, std::int64_t(row["chosen_ids"].size()));
            QCOMPARE(scores[i].rejectedTokens, std::int64_t(row["rejected_ids"].size()));
            const double chosen = row["ref_chosen_logps"].get<double>();
            const double rejected = row["ref_rejected_logps"].get<double>();
            QVERIFY(std::abs(scores[i].chosenLogProb - chosen) <= 5e-6 * std::abs(chosen));
            QVERIFY(std::abs(scores[i].rejectedLogProb - rejected) <= 5e-6 * std::abs(rejected));
            QVERIFY(!scores[i].margin && !scores[i].referenceChosenLogProb);
        }
    }

    void modelAgainstItselfEarnsNothing()
    {
        ScoreRequest request = m_request;
        request.reference = storiesFolder();
        int count = 0;
        const auto result = scorePairs(request,
                                       [&](const PairScore& score) {
                                           ++count;
                                           QCOMPARE(*score.chosenReward, 0.0);
                                           QCOMPARE(*score.rejectedReward, 0.0);
                                           QCOMPARE(*score.margin, 0.0);
                                           QCOMPARE(*score.referenceChosenLogProb, score.chosenLogProb);
                                       },
                                       {}, {});
        QCOMPARE(problemOf(result), QString());
        QCOMPARE(count, 11);
    }

    void rewardsAreBetaTimesLogRatios()
    {
        const ModelFolder model = ModelFolder::open(storiesFolder()).value();
        DecoderWeights changed = DecoderWeights::load(model, Precision::Float32, false).value();
        changed.finalNorm.weight.mul_(1.1);
        QVERIFY(writeCheckpoint(changed, *CheckpointSource::read(model, *TextModel::open(model).value().tokenizer),
                                m_scratch / "changed", 1, "dpo"));
        ScoreRequest request = m_request;
        request.model = m_scratch / "changed";
        request.reference = storiesFolder();
        request.beta = 0.5;
        const auto result =
            scorePairs(request,
                       [&](const PairScore& score) {
                           const double chosen = 0.5 * (score.chosenLogProb - *score.referenceChosenLogProb);
                           const double rejected = 0.5 * (score.rejectedLogProb - *score.referenceRejectedLogProb);
                           QVERIFY(std::abs(chosen) > 1e-3);
                           QVERIFY(std::abs(*score.chosenReward - chosen) < 1e-12);
                           QVERIFY(std::abs(*score.rejectedReward - rejected) < 1e-12);
                           QVERIFY(std::abs(*score.margin - (chosen - rejected)) < 1e-12);
                       },
                       {}, {});
        QCOMPARE(problemOf(result), QString());
    }

    // Pairs are scored as the user sees them.
    void editsAreScored()
    {
        std::vector<PairScore> plain;
        QVERIFY(scorePairs(m_request, [&](const PairScore& score) { plain.push_back(score); }, {}, {}));
        ScoreRequest request = m_request;
        request.editsOf = [](const Dataset&) -> Result<JournalView> {
            JournalView view;
            RowState swapped;
            swapped.isSwapped = true;
            view.states.set(2, swapped);
            RowState excluded;
            excluded.isExcluded = true;
            view.states.set(5, excluded);
            return view;
        };
        std::vector<PairScore> scores;
        QCOMPARE(problemOf(scorePairs(request, [&](const PairScore& score) { scores.push_back(score); }, {}, {})),
                 QString());
        QCOMPARE(scores.size(), std::size_t{10});
        QCOMPARE(scores[2].chosenTokens, plain[2].rejectedTokens);
        QVERIFY(std::abs(scores[2].chosenLogProb - plain[2].rejectedLogProb) < 1e-4);
        QCOMPARE(scores[5].row, 6U);
    }

    void aLimitDrawsEvenly()
    {
        ScoreRequest request = m_request;
        request.limit = 4;
        std::vector<PairScore> scores;
        std::uint64_t lastTotal = 0;
        QCOMPARE(problemOf(scorePairs(
                     request, [&](const PairScore& score) { scores.push_back(score); },
                     [&](std::string_view, std::uint64_t, std::uint64_t total) { lastTotal = total; }, {})),
                 QString());
        QCOMPARE(scores.size(), std::size_t{4});
        QCOMPARE(lastTotal, std::uint64_t{4});
        const std::uint32_t rows[] = {0, 2, 5, 8};
        for (std::size_t i = 0; i < 4; ++i) QCOMPARE(scores[i].row, rows[i]);
        request.limit = 1000;
        int count = 0;
        QVERIFY(scorePairs(request, [&](const PairScore&) { ++count; }, {}, {}));
        QCOMPARE(count, 11);
    }

    void logOddsComeFromLogProbsPerToken()
    {
        ScoreRequest request = m_request;
        request.recipeId = "orpo";
        int count = 0;
        QCOMPARE(problemOf(scorePairs(request,
                                      [&](const PairScore& score) {
                                          ++count;
                                          const double chosen =
                                              std::exp(score.chosenLogProb / double(score.chosenTokens));
                                          const double rejected =
                                              std::exp(score.rejectedLogProb / double(score.rejectedTokens));
                                          const double expected =
                                              std::log(chosen / (1 - chosen)) - std::log(rejected / (1 - rejected));
                                          QVERIFY(std::abs(score.logOdds - expected) < 1e-9);
                                      },
                                      {}, {})),
                 QString());
        QVERIFY(count > 0);
        request.recipeId = "sft";
        QCOMPARE(codeOf(scorePairs(request, [](const PairScore&) {}, {}, {})), QString("wrong-use"));
    }

    void stopEndsBetweenBatches()
    {
        std::stop_source source;
        int count = 0;
        const auto result = scorePairs(
            m_request,
            [&](const PairScore&) {
                if (++count == 2) source.request_stop();
            },
            {}, source.get_token());
        QCOMPARE(codeOf(result), QString("cancelled"));
        QCOMPARE(count, 4);
    }

    void aScoreThatIsNoNumberIsAnError()
    {
        ScoreRequest request = m_request;
        request.model = copyModel(storiesFolder(), m_scratch / "beyond");
        endFileWith(request.model / "model.safetensors", "\xFF\xFF\x7F\x7F");  // the largest float
        int scores = 0;
        const auto scored = scorePairs(request, [&scores](const PairScore&) { ++scores; }, {}, {});
        QCOMPARE(codeOf(scored), QString("result-not-finite"));
        QVERIFY2(problemOf(scored).contains("line 1"), qPrintable(problemOf(scored)));
        QCOMPARE(scores, 0);
    }

    void whatWasNotScoredIsCounted()
    {
        ScoreRequest request = m_request;
        request.data = writeFile(m_scratch / "mixed.jsonl",
                                 "{\"prompt\": \"Once\", \"chosen\": \" upon\", \"rejected\": \" more\"}\n"
                                 "{\"prompt\": 1}\n");
        const auto counts = scorePairs(request, [](const PairScore&) {}, {}, {});
        QCOMPARE(problemOf(counts), QString());
        QCOMPARE(counts->used, std::uint64_t{1});
        QCOMPARE(counts->unreadable, std::uint64_t{1});
        QCOMPARE(leftOutText(*counts), std::string("1 because it could not be read"));
    }

    void whatIsCutAndWhatIsDoubtfulIsCounted()
    {
        ScoreRequest request = m_request;
        request.recipe.maxLength = 12;
        request.data =
            writeFile(m_scratch / "cut.jsonl",
                      "{\"prompt\": \"Once\", \"chosen\": \" upon\", \"rejected\": \" upon\"}\n"
                      "{\"prompt\": \"Once\", \"chosen\": \" upon a time there was a little dog and a little "
                      "cat and a little bird\", \"rejected\": \" more\"}\n");
        const auto counts = scorePairs(request, [](const PairScore&) {}, {}, {});
        QCOMPARE(problemOf(counts), QString());
        QCOMPARE(counts->shortened, std::uint64_t{1});
        QCOMPARE(counts->doubts.size(), std::size_t{1});
        QCOMPARE(counts->doubts.front().text,
                 std::string("1 pair of cut.jsonl has two identical answers and teaches no preference (line 1)."));
    }

    // A text has no second answer; scored against an empty one it would win or lose by its length.
    void rowsWithoutTwoAnswersAreNotScored()
    {
        int scored = 0;
        for (const char* row : {R"({"text": "Once upon a time"})", R"({"prompt": "Once", "completion": " upon"})"}) {
            ScoreRequest request = m_request;
            request.data = writeFile(m_scratch / "texts.jsonl", std::string(row) + "\n");
            QCOMPARE(codeOf(scorePairs(request, [&](const PairScore&) { ++scored; }, {}, {})),
                     QString("wrong-columns"));
        }
        QCOMPARE(scored, 0);
    }

    void mistakesAreErrors()
    {
        const auto codeFor = [&](const std::function<void(ScoreRequest&)>& change) {
            ScoreRequest request = m_request;
            change(request);
            return codeOf(scorePairs(request, [](const PairScore&) {}, {}, {}));
        };
        QCOMPARE(codeFor([](auto& request) { request.dtype = "int8"; }), QString("parameter-out-of-range"));
        QCOMPARE(codeFor([](auto& request) { request.batchSize = 0; }), QString("parameter-out-of-range"));
        QCOMPARE(codeFor([](auto& request) { request.data = "/nowhere.jsonl"; }), QString("file-not-found"));
        QCOMPARE(codeFor([](auto& request) { request.model = "/nowhere"; }), QString("file-not-found"));
        QCOMPARE(codeFor([](auto& request) { request.recipe.maxLength = 4; }), QString("no-answer-left"));
        QCOMPARE(codeFor([](auto& request) { request.batchSize = 1 << 30; }), QString());  // never more than rows
    }

    void referenceMustReadTheSameTokens()
    {
        std::filesystem::copy(storiesFolder(), m_scratch / "other", std::filesystem::copy_options::recursive);
        // One more byte in an unknown field keeps the tokenizer readable and makes it another file.
        std::string tokenizer = readFile(m_scratch / "other/tokenizer.model");
        tokenizer += std::string("\xF8\x3F\x01", 3);
        std::filesystem::remove(m_scratch / "other/tokenizer.model");
        writeFile(m_scratch / "other/tokenizer.model", tokenizer);
        ScoreRequest request = m_request;
        request.reference = m_scratch / "other";
        const auto result = scorePairs(request, [](const PairScore&) {}, {}, {});
        QCOMPARE(codeOf(result), QString("wrong-use"));
        QVERIFY(argumentOf(result, "reason").contains("tokenizer"));
    }

private:
    ScratchFolder m_scratch;
    Json m_golden;
    ScoreRequest m_request;
};

QTEST_GUILESS_MAIN(ScorePairsTest)
#include "score_pairs_test.moc"
