// SPDX-License-Identifier: GPL-3.0-or-later
// The forward pass against plain loops, its gradients against finite differences, and the properties that training
// relies on: causality, padding, the cache.
#include "core/train/engine/decoder_forward.h"
#include "core/train/engine/log_probs.h"
#include "support/naive_decoder.h"
#include "support/random_decoder.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <ATen/Parallel.h>

#include <QtTest>

#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::vector<std::int64_t> kIds = {1, 5, 3, 12, 0, 7, 7, 2};

Tensor logitsOf(const DecoderWeights& weights, const Tensor& ids, const Tensor& lengths = {})
{
    return decoderLogits(weights, decoderHidden(weights, ids, nullptr, lengths));
}

/// Largest difference to the loops, over all positions of one sequence.
double differenceToLoops(const DecoderWeights& weights)
{
    const at::NoGradGuard noGrad;
    return preflab::test::differenceToLoops(weights, kIds, logitsOf(weights, idTensor({kIds}))[0]);
}

/// Wavelengths 6 to 200: below, inside and above Llama 3's blend.
DecoderSizes sizesWith(const RotaryScaling& scaling)
{
    DecoderSizes sizes;
    sizes.headSize = 8;
    sizes.theta = 100.0;
    sizes.scaling = scaling;
    return sizes;
}

using Change = void (*)(DecoderDescription& decoder);

/// A choice of the description besides Llama's.
struct Option {
    const char* name;
    Change change;
};

void forEachLayer(DecoderDescription& decoder, void (*change)(LayerDescription& layer))
{
    for (LayerDescription& layer : decoder.layers) change(layer);
}

const Option kOptions[] = {
    {"layer norm",
     [](DecoderDescription& decoder) {
         decoder.finalNorm = NormDescription{NormKind::Layer, 1e-3, 0.0, true};
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.attentionNorm = layer.mlpNorm = NormDescription{NormKind::Layer, 1e-3, 0.0, true};
         });
     }},
    {"weight offset",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.attentionNorm->weightOffset = layer.mlpNorm->weightOffset = 1.0;
         });
     }},
    {"norms behind",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.attentionNorm = layer.mlpNorm = std::nullopt;
             layer.attentionOutputNorm = layer.mlpOutputNorm = NormDescription{};
         });
         decoder.finalNorm = std::nullopt;
     }},
    {"norms of heads",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.attention.queryNorm = NormDescription{};
             layer.attention.keyNorm = NormDescription{NormKind::Layer, 1e-4, 1.0, true};
         });
     }},
    {"norm of the embedding", [](DecoderDescription& decoder) { decoder.embeddingNorm = NormDescription{}; }},
    {"learned positions",
     [](DecoderDescription& decoder) {
         decoder.hasLearnedPositions = true;
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.attention.positions = NoPositions{};
             layer.attention.hasQueryKeyValueBias = false;  // unrotated, a key's bias cancels in the softmax
         });
     }},
    {"partial rotation",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.attention.positions = RotaryPositions{100.0, 2, {}};
         });
     }},
    {"positions in one layer only",
     [](DecoderDescription& decoder) {
         decoder.layers[1].attention.positions = NoPositions{};
         decoder.layers[1].attention.hasQueryKeyValueBias = false;
     }},
    {"capped scores",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) { layer.attention.scoreCap = 0.4; });
     }},
    {"a window in one layer", [](DecoderDescription& decoder) { decoder.layers[0].attention.window = 3; }},
    {"a window and capped scores",
     [](DecoderDescription& decoder) {
         decoder.layers[1].attention.window = 2;
         decoder.layers[1].attention.scoreCap = 0.4;
     }},
    {"plain MLP, GELU",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) {
             layer.mlp.isGated = false;
             layer.mlp.activation = Activation::Gelu;
         });
     }},
    {"gated GELU by tanh",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) { layer.mlp.activation = Activation::GeluTanh; });
     }},
    {"ReLU",
     [](DecoderDescription& decoder) {
         forEachLayer(decoder, [](LayerDescription& layer) { layer.mlp.activation = Activation::Relu; });
     }},
    {"scales",
     [](DecoderDescription& decoder) {
         decoder.embeddingScale = 3.0;
         decoder.residualScale = 0.25;
         decoder.logitScale = 0.5;
     }},
    {"capped logits", [](DecoderDescription& decoder) { decoder.logitCap = 0.7; }},
};

/// A scalar that every weight influences.
Tensor sumOfLogProbs(const DecoderWeights& weights)
{
    const Tensor ids = idTensor({kIds, {2, 2, 9, 4, 11, 1, 6, 10}});
    const Tensor hidden = decoderHidden(weights, ids).narrow(1, 0, 7);
    return tokenStatistics(weights, hidden, ids.narrow(1, 1, 7)).logProbs.sum();
}

}  // namespace

class DecoderForwardTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { at::set_num_threads(1); }  // a second thread only costs at this size

    void equalsPlainLoops_data()
    {
        QTest::addColumn<int>("scaling");
        QTest::addColumn<bool>("isTied");
        QTest::addColumn<bool>("hasBiases");
        QTest::newRow("plain") << 0 << false << false;
        QTest::newRow("biases, tied head") << 0 << true << true;
        QTest::newRow("linear scaling") << 1 << false << true;
        QTest::newRow("llama3 scaling") << 2 << false << true;
    }

    void equalsPlainLoops()
    {
        QFETCH(int, scaling);
        QFETCH(bool, isTied);
        QFETCH(bool, hasBiases);
        const RotaryScaling scalings[] = {UnscaledRotary{}, LinearRotary{3.0}, Llama3Rotary{3.0, 1.0, 4.0, 40}};
        DecoderSizes sizes = sizesWith(scalings[scaling]);
        sizes.isHeadTied = isTied;
        sizes.hasBiases = hasBiases;
        QVERIFY(differenceToLoops(randomDecoder(sizes, Precision::Float64)) < 1e-12);
        QVERIFY(differenceToLoops(randomDecoder(sizes, Precision::Float32)) < 2e-5);
        const double rounded = differenceToLoops(randomDecoder(sizes, Precision::BFloat16));
        QVERIFY2(rounded > 1e-6 && rounded < 0.1, qPrintable(QString::number(rounded)));
    }

    void everyOptionEqualsPlainLoops_data()
    {
        QTest::addColumn<int>("option");
        for (int i = 0; i < static_cast<int>(std::size(kOptions)); ++i) QTest::newRow(kOptions[i].name) << i;
    }

    /// Also: the option changes something, its weights get gradients, and a cache and padding change nothing.
    void everyOptionEqualsPlainLoops()
    {
        QFETCH(int, option);
        const DecoderDescription llama = describe(DecoderSizes{});
        DecoderDescription decoder = llama;
        kOptions[option].change(decoder);
        const DecoderWeights weights = randomWeights(decoder, Precision::Float64);
        QVERIFY(differenceToLoops(weights) < 1e-12);
        sumOfLogProbs(weights).backward();
        for (const auto& [name, parameter] : weights.parameters())
            QVERIFY2(parameter.grad().defined() && parameter.grad().abs().max().item<double>() > 1e-10, name.c_str());

        const at::NoGradGuard noGrad;
        const Tensor ids = idTensor({kIds});
        const Tensor whole = logitsOf(weights, ids)[0];
        KeyValueCache cache;
        for (const std::int64_t size : {3, 1, 1, 3}) {
            const std::int64_t first = cache.positions;
            const Tensor part = ids.narrow(1, first, size);
            const Tensor logits = decoderLogits(weights, decoderHidden(weights, part, &cache))[0];
            QVERIFY(largestDifference(logits, whole.narrow(0, first, size)) < 1e-12);
        }
        const Tensor padded = idTensor({kIds, {1, 5, 3, 12, 0, 0, 0, 0}});
        const Tensor logits = logitsOf(weights, padded, at::tensor({8, 4}, at::kLong));
        QVERIFY(logits.isfinite().all().item<bool>());
        QVERIFY(largestDifference(logits[0], whole) < 1e-12);
        QVERIFY(largestDifference(logits[1].narrow(0, 0, 4), logitsOf(weights, idTensor({{1, 5, 3, 12}}))[0]) < 1e-12);
    }

    /// The weights that both have are the same, so equal logits would mean that nobody reads the option.
    void everyOptionChangesSomething()
    {
        const at::NoGradGuard noGrad;
        const DecoderWeights plain = randomWeights(describe(DecoderSizes{}), Precision::Float64);
        const Tensor before = logitsOf(plain, idTensor({kIds}));
        for (const Option& option : kOptions) {
            DecoderDescription decoder = plain.decoder;
            option.change(decoder);
            std::map<std::string, Tensor> tensors = randomWeights(decoder, Precision::Float64).tensors;
            for (auto& [name, tensor] : tensors) {
                if (plain.tensors.contains(name)) tensor = plain.tensors.at(name);
            }
            const auto changed =
                DecoderWeights::fromTensors(decoder, weightSpecs(decoder), Precision::Float64, std::move(tensors));
            QVERIFY2(largestDifference(before, logitsOf(changed, idTensor({kIds}))) > 1e-4, option.name);
        }
    }

    void ungroupedHeadsEqualPlainLoops()
    {
        DecoderSizes sizes;
        sizes.keyValueHeads = sizes.heads;
        QVERIFY(differenceToLoops(randomDecoder(sizes, Precision::Float64)) < 1e-12);
    }

    void dtypesAreThoseOfThePrecision()
    {
        const Tensor ids = idTensor({kIds});
        for (const Precision precision : {Precision::Float32, Precision::BFloat16, Precision::Float64}) {
            const DecoderWeights weights = randomDecoder({}, precision);
            const Tensor hidden = decoderHidden(weights, ids);
            QCOMPARE(hidden.scalar_type(), masterType(precision));
            QCOMPARE(decoderLogits(weights, hidden).scalar_type(), masterType(precision));
            sumOfLogProbs(weights).backward();
            for (const auto& [name, parameter] : weights.parameters())
                QCOMPARE(parameter.grad().scalar_type(), masterType(precision));
        }
    }

    void unknownPrecisionIsAnError()
    {
        QCOMPARE(precisionFromId("bfloat16").value(), Precision::BFloat16);
        QCOMPARE(precisionFromId("float16").error().code, ErrorCode::ParameterOutOfRange);
    }

    void laterTokensDoNotReachEarlierLogits()
    {
        const at::NoGradGuard noGrad;
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const Tensor before = logitsOf(weights, idTensor({kIds}));
        for (std::size_t changed = 0; changed < kIds.size(); ++changed) {
            std::vector<std::int64_t> ids = kIds;
            ids[changed] = (ids[changed] + 1) % 13;
            const Tensor after = logitsOf(weights, idTensor({ids}));
            const auto t = static_cast<std::int64_t>(changed);
            QVERIFY(before.narrow(1, 0, t).equal(after.narrow(1, 0, t)));
            QVERIFY(largestDifference(before.select(1, t), after.select(1, t)) > 1e-6);
            QVERIFY(largestDifference(before.select(1, 7), after.select(1, 7)) > 1e-9);
        }
    }

    void gradientReachesEveryParameter()
    {
        for (const bool isTied : {false, true}) {
            DecoderSizes sizes;
            sizes.isHeadTied = isTied;
            const DecoderWeights weights = randomDecoder(sizes, Precision::Float64);
            sumOfLogProbs(weights).backward();
            QCOMPARE(weights.parameters().size(), weightSpecs(sizes).size());
            for (const auto& [name, parameter] : weights.parameters())
                QVERIFY2(parameter.grad().defined() && parameter.grad().abs().max().item<double>() > 1e-8,
                         name.c_str());
        }
    }

    void gradientsAreFiniteDifferences()
    {
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        sumOfLogProbs(weights).backward();
        const at::NoGradGuard noGrad;
        constexpr double kStep = 1e-5;
        for (const auto& [name, parameter] : weights.parameters()) {
            const std::int64_t count = parameter.numel();
            for (const std::int64_t i : {std::int64_t{0}, count / 3, count - 1}) {
                Tensor value = parameter.view(-1)[i];
                value.add_(kStep);
                const double above = sumOfLogProbs(weights).item<double>();
                value.sub_(2.0 * kStep);
                const double below = sumOfLogProbs(weights).item<double>();
                value.add_(kStep);
                const double expected = (above - below) / (2.0 * kStep);
                const double found = parameter.grad().view(-1)[i].item<double>();
                QVERIFY2(std::abs(found - expected) < 1e-7 * std::max(1.0, std::abs(expected)), name.c_str());
            }
        }
    }

    void paddedRowsEqualRowsAlone()
    {
        const at::NoGradGuard noGrad;
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const Tensor alone = logitsOf(weights, idTensor({{1, 5, 3, 12}}));
        const Tensor padded = idTensor({kIds, {1, 5, 3, 12, 0, 0, 0, 0}});
        const Tensor lengths = at::tensor({8, 4}, at::kLong);
        for (const Tensor& logits : {logitsOf(weights, padded), logitsOf(weights, padded, lengths)}) {
            QVERIFY(largestDifference(logits[1].narrow(0, 0, 4), alone[0]) < 1e-12);
            QVERIFY(largestDifference(logits[0], logitsOf(weights, idTensor({kIds}))[0]) < 1e-12);
        }
    }

    void paddedPositionsSeeOnlyRealTokens()
    {
        const at::NoGradGuard noGrad;
        const DecoderWeights weights = randomDecoder({}, Precision::Float64);
        const Tensor lengths = at::tensor({4, 6}, at::kLong);
        const Tensor a = idTensor({{1, 5, 3, 12, 0, 0}, {1, 2, 3, 4, 5, 6}});
        const Tensor b = idTensor({{1, 5, 3, 12, 8, 0}, {1, 2, 3, 4, 5, 6}});
        // The last position differs from b's only by what the padding key before it holds: nothing, if it is hidden.
        QVERIFY(largestDifference(logitsOf(weights, a, lengths)[0][5], logitsOf(weights, b, lengths)[0][5]) < 1e-12);
        QVERIFY(largestDifference(logitsOf(weights, a)[0][5], logitsOf(weights, b)[0][5]) > 1e-6);
        // A row of nothing but padding stays finite.
        const Tensor empty = logitsOf(weights, a, at::tensor({0, 6}, at::kLong));
        QVERIFY(empty.isfinite().all().item<bool>());
    }

    void cacheContinuesTheSequence()
    {
        const at::NoGradGuard noGrad;
        for (const Precision precision : {Precision::Float64, Precision::Float32}) {
            const DecoderWeights weights = randomDecoder({}, precision);
            const Tensor ids = idTensor({kIds});
            const Tensor whole = logitsOf(weights, ids)[0];
            for (const std::vector<std::int64_t>& parts :
                 {std::vector<std::int64_t>{1, 1, 1, 1, 1, 1, 1, 1}, {4, 1, 1, 2}, {3, 5}}) {
                KeyValueCache cache;
                for (const std::int64_t size : parts) {
                    const std::int64_t first = cache.positions;
                    const Tensor part = ids.narrow(1, first, size);
                    const Tensor logits = decoderLogits(weights, decoderHidden(weights, part, &cache))[0];
                    QVERIFY(largestDifference(logits, whole.narrow(0, first, size)) < 1e-5);
                }
                QCOMPARE(cache.positions, std::int64_t{8});
            }
        }
    }
};

QTEST_GUILESS_MAIN(DecoderForwardTest)
#include "decoder_forward_test.moc"
