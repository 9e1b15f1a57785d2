// SPDX-License-Identifier: GPL-3.0-or-later
// Small decoders with random weights. Include before Qt: torch's headers use the word `slots`.
#pragma once

#include "core/train/decoder_forward.h"

#include <ATen/ops/empty.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace preflab::test {

/// Sizes of a decoder; the defaults exercise grouped heads and every bias in milliseconds.
struct DecoderSizes {
    std::int64_t vocabulary = 13, hidden = 12, layers = 2, heads = 4, keyValueHeads = 2, headSize = 4, inner = 10;
    bool hasBiases = true;
    bool isHeadTied = false;
    RotaryDescription rotary;
};

inline DecoderDescription describe(const DecoderSizes& sizes)
{
    DecoderDescription decoder;
    decoder.architecture = "llama";
    decoder.vocabularySize = sizes.vocabulary;
    decoder.hiddenSize = sizes.hidden;
    decoder.maxPositions = 64;
    decoder.isHeadTied = sizes.isHeadTied;
    LayerDescription layer;
    layer.attention = {sizes.heads, sizes.keyValueHeads, sizes.headSize, sizes.hasBiases, sizes.hasBiases,
                       0.5,         sizes.rotary};
    layer.intermediateSize = sizes.inner;
    layer.hasMlpBias = sizes.hasBiases;
    decoder.layers.assign(static_cast<std::size_t>(sizes.layers), layer);
    return decoder;
}

/// Every weight of such a decoder, under Hugging Face's names.
inline std::vector<WeightSpec> weightSpecs(const DecoderSizes& sizes)
{
    const std::int64_t queries = sizes.heads * sizes.headSize, keys = sizes.keyValueHeads * sizes.headSize;
    std::vector<WeightSpec> specs = {
        {"model.embed_tokens.weight", WeightRole::Embedding, -1, {sizes.vocabulary, sizes.hidden}},
        {"model.norm.weight", WeightRole::FinalNorm, -1, {sizes.hidden}}};
    if (!sizes.isHeadTied) specs.push_back({"lm_head.weight", WeightRole::Head, -1, {sizes.vocabulary, sizes.hidden}});
    for (int i = 0; i < static_cast<int>(sizes.layers); ++i) {
        const auto add = [&](const char* name, WeightRole role, std::vector<std::int64_t> shape) {
            specs.push_back({"model.layers." + std::to_string(i) + "." + name, role, i, std::move(shape)});
        };
        add("input_layernorm.weight", WeightRole::AttentionNorm, {sizes.hidden});
        add("self_attn.q_proj.weight", WeightRole::Query, {queries, sizes.hidden});
        add("self_attn.k_proj.weight", WeightRole::Key, {keys, sizes.hidden});
        add("self_attn.v_proj.weight", WeightRole::Value, {keys, sizes.hidden});
        add("self_attn.o_proj.weight", WeightRole::AttentionOutput, {sizes.hidden, queries});
        add("post_attention_layernorm.weight", WeightRole::MlpNorm, {sizes.hidden});
        add("mlp.gate_proj.weight", WeightRole::Gate, {sizes.inner, sizes.hidden});
        add("mlp.up_proj.weight", WeightRole::Up, {sizes.inner, sizes.hidden});
        add("mlp.down_proj.weight", WeightRole::Down, {sizes.hidden, sizes.inner});
        if (!sizes.hasBiases) continue;
        add("self_attn.q_proj.bias", WeightRole::QueryBias, {queries});
        add("self_attn.k_proj.bias", WeightRole::KeyBias, {keys});
        add("self_attn.v_proj.bias", WeightRole::ValueBias, {keys});
        add("self_attn.o_proj.bias", WeightRole::AttentionOutputBias, {sizes.hidden});
        add("mlp.gate_proj.bias", WeightRole::GateBias, {sizes.inner});
        add("mlp.up_proj.bias", WeightRole::UpBias, {sizes.inner});
        add("mlp.down_proj.bias", WeightRole::DownBias, {sizes.hidden});
    }
    return specs;
}

/// A tensor of normal random numbers around `mean`.
inline Tensor randomTensor(const std::vector<std::int64_t>& shape, double mean, double spread,
                           std::mt19937_64& generator)
{
    std::normal_distribution<double> normal(mean, spread);
    Tensor tensor = at::empty(shape, at::kDouble);
    double* const values = tensor.mutable_data_ptr<double>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i) values[i] = normal(generator);
    return tensor;
}

/// Weights that make every part of the decoder matter: spread 0.3, norms around 1.
inline DecoderWeights randomDecoder(const DecoderSizes& sizes, Precision precision, std::uint64_t seed = 1,
                                    double spread = 0.3)
{
    std::mt19937_64 generator(seed);
    std::map<std::string, Tensor> tensors;
    const std::vector<WeightSpec> specs = weightSpecs(sizes);
    for (const WeightSpec& spec : specs) {
        const bool isNorm = spec.role == WeightRole::AttentionNorm || spec.role == WeightRole::MlpNorm ||
                            spec.role == WeightRole::FinalNorm;
        Tensor tensor = randomTensor(spec.shape, isNorm ? 1.0 : 0.0, spread, generator).to(masterType(precision));
        tensors.emplace(spec.name, tensor.requires_grad_(true));
    }
    return DecoderWeights::fromTensors(describe(sizes), specs, precision, std::move(tensors));
}

/// Rows of ids as (B, T) int64; all rows of one length.
inline Tensor idTensor(const std::vector<std::vector<std::int64_t>>& rows)
{
    const auto width = static_cast<std::int64_t>(rows.front().size());
    Tensor ids = at::empty({static_cast<std::int64_t>(rows.size()), width}, at::kLong);
    std::int64_t* next = ids.mutable_data_ptr<std::int64_t>();
    for (const auto& row : rows)
        for (const std::int64_t id : row) *next++ = id;
    return ids;
}

/// Largest absolute difference of two tensors, in double.
inline double largestDifference(const Tensor& a, const Tensor& b)
{
    return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

}  // namespace preflab::test
