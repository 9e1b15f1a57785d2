// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that lie fused or transposed in a model's files: they come out right, and go back where they were.
#include "core/train/checkpoint.h"
#include "core/train/engine/file_tensor.h"
#include "support/files.h"
#include "support/random_decoder.h"
#include "support/results.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros_like.h>

#include <QtTest>

#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace preflab;
using namespace preflab::test;

namespace {

/// 0, 1, 2, ... in that shape.
Tensor counted(std::int64_t rows, std::int64_t columns)
{
    return at::arange(rows * columns, at::kFloat).view({rows, columns});
}

/// Layer 0 as a family might keep it: query, key and value in one tensor, head by head; gate and up in another, one
/// behind the other; down and the attention's output transposed.
std::vector<WeightSpec> fusedSpecs(const DecoderSizes& sizes)
{
    std::vector<WeightSpec> specs = weightSpecs(sizes);
    const std::int64_t shared = sizes.heads / sizes.keyValueHeads * sizes.headSize;  // queries of a key/value head
    const std::int64_t group = shared + 2 * sizes.headSize;
    for (WeightSpec& spec : specs) {
        const std::string ending = spec.part == WeightPart::Weight ? ".weight" : ".bias";
        if (spec.role == WeightRole::Query)
            spec.source = {"qkv" + ending, WeightSlice{0, sizes.keyValueHeads, group, 0, shared}, false};
        if (spec.role == WeightRole::Key)
            spec.source = {"qkv" + ending, WeightSlice{0, sizes.keyValueHeads, group, shared, sizes.headSize}, false};
        if (spec.role == WeightRole::Value)
            spec.source = {"qkv" + ending,
                           WeightSlice{0, sizes.keyValueHeads, group, shared + sizes.headSize, sizes.headSize}, false};
        if (spec.role == WeightRole::Gate)
            spec.source = {"gate_up" + ending, WeightSlice{0, 1, 2 * sizes.inner, 0, sizes.inner}, false};
        if (spec.role == WeightRole::Up)
            spec.source = {"gate_up" + ending, WeightSlice{0, 1, 2 * sizes.inner, sizes.inner, sizes.inner}, false};
        const bool isTurned = spec.role == WeightRole::Down || spec.role == WeightRole::AttentionOutput;
        if (isTurned && spec.part == WeightPart::Weight) spec.source.isTransposed = true;
    }
    return specs;
}

}  // namespace

class FusedWeightsTest : public QObject {
    Q_OBJECT

private slots:
    void slicesAndTransposesAreTakenOut()
    {
        const Tensor file = counted(6, 2);
        QVERIFY(weightIn(file, {}).is_same(file));
        QVERIFY(weightIn(file, {"", std::nullopt, true}).equal(file.t()));
        QVERIFY(weightIn(file, {"", WeightSlice{0, 1, 6, 2, 3}, false}).equal(file.narrow(0, 2, 3)));
        // Three groups of two rows: the second row of each.
        const Tensor second = weightIn(file, {"", WeightSlice{0, 3, 2, 1, 1}, false});
        QVERIFY(second.equal(at::cat({file.narrow(0, 1, 1), file.narrow(0, 3, 1), file.narrow(0, 5, 1)})));
        // Columns of a file that holds (in, out).
        const Tensor wide = counted(2, 6);
        QVERIFY(weightIn(wide, {"", WeightSlice{1, 1, 6, 4, 2}, true}).equal(wide.narrow(1, 4, 2).t()));
        QVERIFY(weightIn(wide, {"", WeightSlice{1, 1, 6, 4, 2}, true}).is_contiguous());
    }

    void storingIsTheWayBack()
    {
        const Tensor file = counted(6, 4);
        const std::vector<std::vector<WeightSource>> families = {
            {{"", std::nullopt, true}},
            {{"", WeightSlice{0, 1, 6, 0, 4}, false}, {"", WeightSlice{0, 1, 6, 4, 2}, false}},
            {{"", WeightSlice{0, 2, 3, 0, 1}, false}, {"", WeightSlice{0, 2, 3, 1, 2}, false}},
            {{"", WeightSlice{1, 2, 2, 1, 1}, true}, {"", WeightSlice{1, 2, 2, 0, 1}, true}}};
        for (const auto& sources : families) {
            Tensor copy = at::zeros_like(file);
            for (const WeightSource& source : sources) storeWeight(copy, source, weightIn(file, source));
            QVERIFY(copy.equal(file));
        }
    }

    void foldersKeepTheirLayout()
    {
        DecoderSizes sizes;
        sizes.layers = 1;
        const std::vector<WeightSpec> specs = fusedSpecs(sizes);
        const DecoderWeights weights = randomWeights(describe(sizes), specs, Precision::Float32);
        const ScratchFolder scratch;
        QCOMPARE(problemOf(writeCheckpoint(weights, {Json::object(), {}}, scratch / "m", 0, "dpo")), QString());
        ModelFolder model;
        model.path = scratch / "m";
        model.decoder = weights.decoder;
        model.weights = specs;
        model.tensors = SafetensorsSet::openFolder(model.path).value();
        QVERIFY(model.tensors.find("qkv.weight")->shape == (std::vector<std::int64_t>{32, 12}));
        QVERIFY(model.tensors.find("gate_up.bias")->shape == (std::vector<std::int64_t>{20}));
        QVERIFY(model.tensors.find("model.layers.0.mlp.down_proj.weight")->shape ==
                (std::vector<std::int64_t>{10, 12}));
        QVERIFY(model.tensors.find("model.layers.0.self_attn.q_proj.weight") == nullptr);
        const auto loaded = DecoderWeights::load(model, Precision::Float32, /*isTrainable=*/true);
        QCOMPARE(problemOf(loaded), QString());
        QCOMPARE(loaded->parameters().size(), weights.parameters().size());
        for (const auto& [name, tensor] : weights.tensors)
            QVERIFY2(loaded->tensors.at(name).equal(tensor), name.c_str());

        // What is saved again is the same file.
        QCOMPARE(problemOf(writeCheckpoint(*loaded, {Json::object(), {}}, scratch / "again", 0, "dpo")), QString());
        QVERIFY(readFile(scratch / "again/model.safetensors") == readFile(scratch / "m/model.safetensors"));
    }

    // LoRA's place: B of zeros leaves the frozen map as it is, any other is the map with its product merged in.
    void adaptersAreMergedMaps()
    {
        const at::NoGradGuard noGrad;
        const Tensor ids = idTensor({{1, 5, 3, 12, 0, 7}});
        const auto logitsOf = [&](const DecoderWeights& weights) {
            return decoderLogits(weights, decoderHidden(weights, ids));
        };
        for (const Precision precision : {Precision::Float64, Precision::Float32}) {
            const double tolerance = precision == Precision::Float64 ? 1e-12 : 2e-5;
            const DecoderWeights plain = randomDecoder({}, precision);
            DecoderWeights adapted = plain, merged = plain;
            std::mt19937_64 generator(7);
            for (LinearWeight DecoderWeights::Layer::*map :
                 {&DecoderWeights::Layer::query, &DecoderWeights::Layer::attentionOutput,
                  &DecoderWeights::Layer::down}) {
                LinearWeight& weight = adapted.layers[1].*map;
                const auto random = [&](std::int64_t rows, std::int64_t columns) {
                    return randomTensor({rows, columns}, 0.0, 0.3, generator).to(masterType(precision));
                };
                const Tensor a = random(3, weight.weight.size(1)), b = random(weight.weight.size(0), 3);
                weight.adapter = LowRankAdapter{a, b, 2.0};
                (merged.layers[1].*map).weight = weight.weight + at::matmul(b, a) * 2.0;
            }
            QVERIFY(largestDifference(logitsOf(adapted), logitsOf(plain)) > 0.01);
            QVERIFY(largestDifference(logitsOf(adapted), logitsOf(merged)) < tolerance);
            for (LinearWeight DecoderWeights::Layer::*map :
                 {&DecoderWeights::Layer::query, &DecoderWeights::Layer::attentionOutput, &DecoderWeights::Layer::down})
                (adapted.layers[1].*map).adapter->b.zero_();
            QVERIFY(logitsOf(adapted).equal(logitsOf(plain)));
        }
    }
};

QTEST_GUILESS_MAIN(FusedWeightsTest)
#include "fused_weights_test.moc"
