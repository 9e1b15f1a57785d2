// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing tokens, the end of a generation, and text that never shows half a character.
#include "core/train/engine/readable_engine.h"
#include "core/train/sample.h"
#include "support/piece_tokenizer.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>
#include <ATen/Parallel.h>

#include <QtTest>

#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::vector<double> kLogits = {std::log(0.1), std::log(0.4), std::log(0.2), std::log(0.3)};

/// Shares of the tokens over many draws.
std::map<TokenId, double> shares(const SampleOptions& options, const std::vector<double>& logits = kLogits)
{
    constexpr int kDraws = 40'000;
    std::mt19937_64 generator(7);
    std::map<TokenId, double> result;
    for (int i = 0; i < kDraws; ++i) result[sampleToken(logits, options, generator)] += 1.0 / kDraws;
    return result;
}

SampleOptions drawing(double temperature, std::int64_t topK = 0, double topP = 1.0)
{
    return {.maxNewTokens = 10, .temperature = temperature, .topK = topK, .topP = topP, .seed = 1};
}

bool isNear(double a, double b)
{
    return std::abs(a - b) < 0.012;
}

/// What a greedy generation should give: the whole sequence through the model for every token.
TokenIds greedyByFullForward(const DecoderWeights& weights, TokenIds ids, std::int64_t count)
{
    const at::NoGradGuard noGrad;
    TokenIds fresh;
    for (std::int64_t i = 0; i < count; ++i) {
        const Tensor row = idTensor({std::vector<std::int64_t>(ids.begin(), ids.end())});
        const Tensor logits = decoderLogits(weights, decoderHidden(weights, row)).select(1, -1);
        fresh.push_back(static_cast<TokenId>(logits.argmax(-1).item<std::int64_t>()));
        ids.push_back(fresh.back());
    }
    return fresh;
}

Result<TokenIds> generated(const DecoderWeights& weights, const TokenIds& prompt, const SampleOptions& options,
                           const TokenIds& end = {}, std::stop_token stop = {})
{
    TokenIds ids;
    TRY_VOID(generateTokens(
        *makeReadableEngine(weights), prompt, end, options,
        [&](TokenId id) {
            ids.push_back(id);
            return true;
        },
        std::move(stop)));
    return ids;
}

}  // namespace

class SampleTokensTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { at::set_num_threads(1); }  // a second thread only costs at this size

    void greedyTakesTheFirstMaximum()
    {
        std::mt19937_64 generator(1);
        QCOMPARE(sampleToken(kLogits, {}, generator), 1);
        QCOMPARE(sampleToken(std::vector<double>{0.0, 2.0, 2.0}, {}, generator), 1);
        QVERIFY(generator == std::mt19937_64(1));
    }

    void temperatureOneDrawsTheProbabilities()
    {
        auto found = shares(drawing(1.0));
        QVERIFY(isNear(found[0], 0.1) && isNear(found[1], 0.4) && isNear(found[2], 0.2) && isNear(found[3], 0.3));
    }

    void temperatureSharpensAndFlattens()
    {
        auto sharp = shares(drawing(0.5));  // squares: .01 .16 .04 .09, sum .3
        QVERIFY(isNear(sharp[1], 0.16 / 0.30) && isNear(sharp[0], 0.01 / 0.30));
        auto flat = shares(drawing(1e6));
        QVERIFY(isNear(flat[0], 0.25) && isNear(flat[1], 0.25));
    }

    void topKKeepsTheMostProbable()
    {
        auto found = shares(drawing(1.0, 2));
        QCOMPARE(found.size(), std::size_t{2});
        QVERIFY(isNear(found[1], 4.0 / 7.0) && isNear(found[3], 3.0 / 7.0));
        QCOMPARE(shares(drawing(1.0, 1)).size(), std::size_t{1});
        QCOMPARE(shares(drawing(1.0, 99)).size(), std::size_t{4});
    }

    void topPKeepsTheNucleus()
    {
        auto found = shares(drawing(1.0, 0, 0.6));  // .4 + .3 reach .6
        QCOMPARE(found.size(), std::size_t{2});
        QVERIFY(isNear(found[1], 4.0 / 7.0));
        QCOMPARE(shares(drawing(1.0, 0, 1e-9)).size(), std::size_t{1});
        QCOMPARE(shares(drawing(1.0, 0, 0.95)).size(), std::size_t{4});
        // top-k first, then the nucleus of what is left: .4/.7 does reach .5.
        QCOMPARE(shares(drawing(1.0, 2, 0.5)).size(), std::size_t{1});
    }

    void extremeLogitsStayFinite()
    {
        auto found = shares(drawing(1.0), {-1e30, 700.0, 701.0, -std::numeric_limits<double>::infinity()});
        QCOMPARE(found.size(), std::size_t{2});
        QVERIFY(isNear(found[2], 1.0 / (1.0 + std::exp(-1.0))));
    }

    void cacheGivesWhatTheWholeSequenceGives()
    {
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const DecoderWeights weights = randomDecoder({}, Precision::Float32, seed, 0.6);
            const TokenIds prompt = {1, 4, 9};
            const auto found = generated(weights, prompt, {.maxNewTokens = 20});
            QCOMPARE(problemOf(found), QString());
            QVERIFY(*found == greedyByFullForward(weights, prompt, 20));
        }
    }

    void seedsDecideDraws()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        SampleOptions options = {.maxNewTokens = 30, .temperature = 1.0};
        const TokenIds first = generated(weights, {1}, options).value();
        QVERIFY(first == generated(weights, {1}, options).value());
        options.seed = 43;
        QVERIFY(first != generated(weights, {1}, options).value());
    }

    void everyEndTokenEnds()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const TokenIds all = generated(weights, {1}, {.maxNewTokens = 30, .temperature = 1.0}).value();
        const TokenId end = all.at(4);
        const TokenId other = all.at(9);
        const auto first = std::find_if(all.begin(), all.end(), [&](TokenId id) { return id == end || id == other; });
        const TokenIds cut = generated(weights, {1}, {.maxNewTokens = 30, .temperature = 1.0}, {other, end}).value();
        QVERIFY(cut == TokenIds(all.begin(), first + 1));
    }

    void generationsSayWhyTheyEnd()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        const auto endOf = [&](std::size_t promptTokens, const TokenIds& end, bool isWanted) {
            return generateTokens(*makeReadableEngine(weights), TokenIds(promptTokens, 3), end, {.maxNewTokens = 5},
                                  [&](TokenId) { return isWanted; }, {})
                .value();
        };
        const TokenId first = generated(weights, {3}, {.maxNewTokens = 1}).value().at(0);
        QVERIFY(endOf(1, {first}, true) == GenerationEnd::EndToken);
        QVERIFY(endOf(1, {}, true) == GenerationEnd::TokenLimit);
        QVERIFY(endOf(62, {}, true) == GenerationEnd::ModelLimit);
        QVERIFY(endOf(1, {}, false) == GenerationEnd::StoppedBySink);
    }

    void logitsThatAreNoNumbersAreAnError()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        {
            const at::NoGradGuard noGrad;
            weights.head.weight.mul_(1e38);
            weights.finalNorm.weight.mul_(1e10);
        }
        QCOMPARE(codeOf(generated(weights, {1}, {})), QString("result-not-finite"));
    }

    void sinkAndStopTokenEnd()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);
        int calls = 0;
        const auto engine = makeReadableEngine(weights);
        QVERIFY(generateTokens(*engine, {1}, {}, {}, [&](TokenId) { return ++calls < 3; }, {}));
        QCOMPARE(calls, 3);
        std::stop_source source;
        calls = 0;
        const auto stopped = generateTokens(
            *engine, {1}, {}, {},
            [&](TokenId) {
                if (++calls == 2) source.request_stop();
                return true;
            },
            source.get_token());
        QCOMPARE(codeOf(stopped), QString("cancelled"));
        QCOMPARE(calls, 2);
    }

    void contextIsTheLimit()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float32);  // 64 positions
        QCOMPARE(generated(weights, TokenIds(60, 3), {.maxNewTokens = 100})->size(), std::size_t{5});
        QCOMPARE(codeOf(generated(weights, TokenIds(64, 3), {})), QString("wrong-use"));
        QCOMPARE(codeOf(generated(weights, {}, {})), QString("wrong-use"));
    }

    void optionsOutOfRangeAreErrors_data()
    {
        QTest::addColumn<double>("temperature");
        QTest::addColumn<int>("topK");
        QTest::addColumn<double>("topP");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("key");
        QTest::newRow("temperature") << -0.1 << 0 << 1.0 << 1 << "temperature";
        QTest::newRow("nan") << std::nan("") << 0 << 1.0 << 1 << "temperature";
        QTest::newRow("top-k") << 1.0 << -1 << 1.0 << 1 << "top_k";
        QTest::newRow("top-p 0") << 1.0 << 0 << 0.0 << 1 << "top_p";
        QTest::newRow("top-p above 1") << 1.0 << 0 << 1.1 << 1 << "top_p";
        QTest::newRow("no tokens") << 1.0 << 0 << 1.0 << 0 << "max_new_tokens";
    }

    void optionsOutOfRangeAreErrors()
    {
        QFETCH(double, temperature);
        QFETCH(int, topK);
        QFETCH(double, topP);
        QFETCH(int, count);
        QFETCH(QString, key);
        const auto result = generated(randomDecoder({}, Precision::Float32), {1},
                                      {.maxNewTokens = count, .temperature = temperature, .topK = topK, .topP = topP});
        QCOMPARE(codeOf(result), QString("parameter-out-of-range"));
        QCOMPARE(argumentOf(result, "key"), key);
    }
};

QTEST_GUILESS_MAIN(SampleTokensTest)
#include "sample_tokens_test.moc"
