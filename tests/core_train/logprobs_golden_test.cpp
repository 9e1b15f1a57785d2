// SPDX-License-Identifier: GPL-3.0-or-later
// Log-probs and statistics of the reference model against recorded numbers: an independent float64 forward pass and
// the first steps of TRL's own trainers.
#include "core/train/engine/batch.h"
#include "core/train/engine/log_probs.h"
#include "core/train/sample.h"
#include "support/golden_pairs.h"
#include "support/label_sums.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>
#include <ATen/Parallel.h>

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace preflab;
using namespace preflab::test;

namespace {

double mean(const Tensor& tensor)
{
    return tensor.to(at::kDouble).mean().item<double>();
}

/// Mean per token of sums over the tokens of some sequences.
double pooled(const Tensor& sums, const Tensor& counts)
{
    return (sums.to(at::kDouble).sum() / counts.to(at::kDouble).sum()).item<double>();
}

}  // namespace

class LogprobsGoldenTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!std::filesystem::exists(storiesFolder())) QSKIP("the reference data beside the project is not there");
        at::set_num_threads(1);
        auto model = ModelFolder::open(storiesFolder());
        QCOMPARE(problemOf(model), QString());
        m_model = std::make_unique<ModelFolder>(std::move(*model));
        m_text = TextModel::open(*m_model).value();
        for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float64}) {
            auto weights = DecoderWeights::load(*m_model, precision, /*isTrainable=*/false);
            QCOMPARE(problemOf(weights), QString());
            m_weights.emplace(precision, std::move(*weights));
        }
        m_golden = readJsonFile(storiesFolder() / "golden.json", 1 << 24).value();
    }

    void weightsAreAllThere()
    {
        const DecoderWeights& weights = m_weights.at(Precision::Float32);
        QVERIFY(weights.head.weight.is_same(weights.embedding));
        QVERIFY(weights.parameters().empty());
        const auto trainable = DecoderWeights::load(*m_model, Precision::Float32, /*isTrainable=*/true);
        QCOMPARE(trainable->parameters().size(), m_model->weights.size());
        QCOMPARE(parameterCount(m_model->weights), std::int64_t{260'032});
    }

    void greedyIdsAreEqual()
    {
        const TokenIds expected = tokenIds(m_golden["greedy_from_bos"]["ids"]);
        for (const Precision precision : {Precision::Float32, Precision::Float64}) {
            TokenIds found = {1};
            const auto result = generateTokens(*makeReadableEngine(m_weights.at(precision)), {1}, m_text.endTokens,
                                               {.maxNewTokens = std::int64_t(expected.size()) - 1},
                                               [&](TokenId id) {
                                                   found.push_back(id);
                                                   return true;
                                               },
                                               {});
            QCOMPARE(problemOf(result), QString());
            QVERIFY(found == expected);
        }
    }

    void greedyTextIsEqual()
    {
        std::string text;
        const auto result =
            generateText(*makeReadableEngine(m_weights.at(Precision::Float32)), m_text, "", {.maxNewTokens = 256},
                         [&](std::string_view piece) {
                             text += piece;
                             return true;
                         },
                         {});
        QCOMPARE(problemOf(result), QString());
        QCOMPARE(QString::fromStdString(text),
                 QString::fromStdString(m_golden["greedy_from_bos"]["text"].get<std::string>()));
    }

    void sequencesHaveTheirLogProbs()
    {
        const std::map<Precision, double> tolerances = {
            {Precision::Float32, 1e-4}, {Precision::Float64, 6e-9}, {Precision::BFloat16, 0.25}};
        for (const auto& [precision, tolerance] : tolerances) {
            double worst = 0.0;
            for (const Json& sequence : m_golden["sequences"]) {
                const std::vector<TokenPair> alone{{0, TokenSequence::afterPrompt(tokenIds(sequence["ids"]), 1), {}}};
                const std::vector<double> found = makeReadableEngine(m_weights.at(precision))
                                                      ->tokenLogProbs({alone, BatchSides::ChosenOnly})
                                                      .front()
                                                      .chosen;
                const auto expected = sequence["logprobs"].get<std::vector<double>>();
                QCOMPARE(found.size(), expected.size());
                for (std::size_t t = 0; t < found.size(); ++t)
                    worst = std::max(worst, std::abs(found[t] - expected[t]));
            }
            QVERIFY2(worst < tolerance, qPrintable(QString::number(worst)));
        }
    }

    void preferencePairsHaveTheirLogProbs()
    {
        std::vector<TokenPair> pairs;
        for (const Json& row : m_golden["preference_pairs"]) {
            TokenPair pair;
            pair.chosen = sequenceOf(row["prompt_ids"], row["chosen_ids"]);
            pair.rejected = sequenceOf(row["prompt_ids"], row["rejected_ids"]);
            pairs.push_back(pair);
        }
        const PairTensors found = labelSums(m_weights.at(Precision::Float64), pairs);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const Json& row = m_golden["preference_pairs"][i];
            const auto at = static_cast<std::int64_t>(i);
            QVERIFY(std::abs(found.chosen[at].item<double>() - row["chosen_logp_sum"].get<double>()) < 6e-9);
            QVERIFY(std::abs(found.rejected[at].item<double>() - row["rejected_logp_sum"].get<double>()) < 6e-9);
        }
    }

    void firstStepOfDpo_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("precision");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("float32") << "dpo_sigmoid.json" << int(Precision::Float32) << 5e-6;
        QTest::newRow("float64") << "dpo_fp64.json" << int(Precision::Float64) << 1e-11;
    }

    void firstStepOfDpo()
    {
        QFETCH(QString, file);
        QFETCH(int, precision);
        QFETCH(double, tolerance);
        const Json golden = goldenFile(file.toStdString()).value();
        const std::vector<TokenPair> pairs = goldenPairs(golden);
        const auto engine = makeReadableEngine(m_weights.at(static_cast<Precision>(precision)));
        const std::vector<TokenSum> wanted{kLabelSum, {TokenSelection::Predicted}};
        const SequenceSums sums = engine->evaluate({std::span(pairs).first(4)}, {wanted});
        const PairTensors logProbs = sums.sides(sums.of(kLabelSum)), labels = sums.sides(sums.labels);
        const Json& step = golden["steps"][0];
        const auto check = [&](const char* key, double found) {
            const double expected = step[key].get<double>();
            const double relative = std::abs(found - expected) / std::abs(expected);
            QVERIFY2(relative <= tolerance, qPrintable(QString("%1: %2").arg(key).arg(relative)));
        };
        check("logps/chosen", mean(logProbs.chosen));
        check("logps/rejected", mean(logProbs.rejected));
        check("logits/chosen", pooled(sums.sides(sums.meanLogit).chosen, labels.chosen));
        check("logits/rejected", pooled(sums.sides(sums.meanLogit).rejected, labels.rejected));
        QVERIFY(std::abs(pooled(sums.sides(sums.top1).chosen, labels.chosen) -
                         step["mean_token_accuracy"].get<double>()) < 1e-6);  // TRL keeps it in float32
        check("entropy", pooled(sums.entropy, sums.labels));
        check("num_tokens", static_cast<double>(sums.tokens));
    }

    void firstStepOfOrpo_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("precision");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("float32") << "orpo.json" << int(Precision::Float32) << 5e-6;
        QTest::newRow("float64") << "orpo_fp64.json" << int(Precision::Float64) << 1e-11;
    }

    void firstStepOfOrpo()
    {
        QFETCH(QString, file);
        QFETCH(int, precision);
        QFETCH(double, tolerance);
        const Json golden = goldenFile(file.toStdString()).value();
        const std::vector<TokenPair> pairs = goldenPairs(golden);
        const auto engine = makeReadableEngine(m_weights.at(static_cast<Precision>(precision)));
        const std::vector<TokenSum> wanted{kLabelSum, {TokenSelection::Predicted}};
        const SequenceSums sums = engine->evaluate({std::span(pairs).first(4)}, {wanted});
        const PairTensors logProbs = sums.sides(sums.of(kLabelSum)), labels = sums.sides(sums.labels);
        const Json& step = golden["steps"][0];
        const auto check = [&](const char* key, double found) {
            const double expected = step[key].get<double>();
            const double relative = std::abs(found - expected) / std::abs(expected);
            QVERIFY2(relative <= tolerance, qPrintable(QString("%1: %2").arg(key).arg(relative)));
        };
        check("logps/chosen", mean(logProbs.chosen / labels.chosen));
        check("logps/rejected", mean(logProbs.rejected / labels.rejected));
        check("logits/chosen", mean(sums.sides(sums.paddedMeanLogit).chosen));
        check("logits/rejected", mean(sums.sides(sums.paddedMeanLogit).rejected));
        check("nll_loss", -pooled(sums.sides(sums.logProbs[1]).chosen, sums.sides(sums.predicted).chosen));
    }

    void referenceLogProbsOfEveryRow()
    {
        const Json golden = goldenFile("dpo_sigmoid.json").value();
        const std::vector<TokenPair> pairs = goldenPairs(golden);
        for (std::size_t first = 0; first < pairs.size(); first += 7) {
            const std::size_t count = std::min<std::size_t>(7, pairs.size() - first);
            const PairTensors found =
                labelSums(m_weights.at(Precision::Float32), std::span(pairs).subspan(first, count));
            for (std::size_t i = 0; i < count; ++i) {
                const Json& row = golden["rows"][first + i];
                const double chosen = row["ref_chosen_logps"].get<double>();
                const double rejected = row["ref_rejected_logps"].get<double>();
                const auto at = static_cast<std::int64_t>(i);
                QVERIFY(std::abs(found.chosen[at].item<double>() - chosen) <= 5e-6 * std::abs(chosen));
                QVERIFY(std::abs(found.rejected[at].item<double>() - rejected) <= 5e-6 * std::abs(rejected));
            }
        }
    }

    // trl-spec 1.5: the references of this golden weigh labels beyond the shorter answer's length by alpha.
    void matchedLabelsAreThoseOfTheShorterAnswer()
    {
        const Json golden = goldenFile("dpo_fp64_ld_alpha.json").value();
        const double alpha = golden["config"]["ld_alpha"].get<double>();
        const std::vector<TokenPair> pairs = goldenPairs(golden);
        const std::vector<TokenSum> wanted{{TokenSelection::MatchedLabels}, {TokenSelection::UnmatchedLabels}};
        const SequenceSums sums = makeReadableEngine(m_weights.at(Precision::Float64))->evaluate({pairs}, {wanted});
        const PairTensors found = sums.sides(sums.of(wanted[0]) + sums.of(wanted[1]) * alpha);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const Json& row = golden["rows"][i];
            const double chosen = row["ref_chosen_logps"].get<double>();
            const double rejected = row["ref_rejected_logps"].get<double>();
            const auto at = static_cast<std::int64_t>(i);
            QVERIFY(std::abs(found.chosen[at].item<double>() - chosen) <= 1e-9 * std::abs(chosen));
            QVERIFY(std::abs(found.rejected[at].item<double>() - rejected) <= 1e-9 * std::abs(rejected));
        }
    }

private:
    std::unique_ptr<ModelFolder> m_model;
    TextModel m_text;
    std::map<Precision, DecoderWeights> m_weights;
    Json m_golden;
};

QTEST_GUILESS_MAIN(LogprobsGoldenTest)
#include "logprobs_golden_test.moc"
