// SPDX-License-Identifier: GPL-3.0-or-later
// Small decoders with random weights. Include before Qt: torch's headers use the word `slots`.
#pragma once

#include "core/model/weight_list.h"
#include "core/train/engine/decoder_forward.h"

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
    RotaryScaling scaling = UnscaledRotary{};
    double theta = 10000.0;
};

inline DecoderDescription describe(const DecoderSizes& sizes)
{
    DecoderDescription decoder;
    decoder.architecture = "llama";
    decoder.vocabularySize = sizes.vocabulary;
    decoder.hiddenSize = sizes.hidden;
    decoder.maxPositions = 64;
    decoder.isHeadTied = sizes.isHeadTied;
    decoder.finalNorm = NormDescription{};
    LayerDescription layer;
    layer.attentionNorm = NormDescription{};
    layer.mlpNorm = NormDescription{};
    layer.attention.heads = sizes.heads;
    layer.attention.keyValueHeads = sizes.keyValueHeads;
    layer.attention.headSize = sizes.headSize;
    layer.attention.hasQueryKeyValueBias = sizes.hasBiases;
    layer.attention.hasOutputBias = sizes.hasBiases;
    layer.attention.scale = 0.5;
    layer.attention.positions = RotaryPositions{sizes.theta, sizes.headSize, sizes.scaling};
    layer.mlp.innerSize = sizes.inner;
    layer.mlp.hasBias = sizes.hasBiases;
    decoder.layers.assign(static_cast<std::size_t>(sizes.layers), layer);
    return decoder;
}

inline void appendBlock(WeightList& list, const LayerDescription& layer, std::int64_t width)
{
    const AttentionDescription& attention = layer.attention;
    const std::int64_t queries = attention.heads * attention.headSize;
    const std::int64_t keys = attention.keyValueHeads * attention.headSize;
    list.norm("input_layernorm", WeightRole::AttentionNorm, layer.attentionNorm, width);
    list.linear("self_attn.q_proj", WeightRole::Query, queries, width, attention.hasQueryKeyValueBias);
    list.linear("self_attn.k_proj", WeightRole::Key, keys, width, attention.hasQueryKeyValueBias);
    list.linear("self_attn.v_proj", WeightRole::Value, keys, width, attention.hasQueryKeyValueBias);
    list.norm("self_attn.q_norm", WeightRole::QueryNorm, attention.queryNorm, attention.headSize);
    list.norm("self_attn.k_norm", WeightRole::KeyNorm, attention.keyNorm, attention.headSize);
    list.linear("self_attn.o_proj", WeightRole::AttentionOutput, width, queries, attention.hasOutputBias);
    list.norm("attention_output_norm", WeightRole::AttentionOutputNorm, layer.attentionOutputNorm, width);
    list.norm("post_attention_layernorm", WeightRole::MlpNorm, layer.mlpNorm, width);
    if (layer.mlp.isGated)
        list.linear("mlp.gate_proj", WeightRole::Gate, layer.mlp.innerSize, width, layer.mlp.hasBias);
    list.linear("mlp.up_proj", WeightRole::Up, layer.mlp.innerSize, width, layer.mlp.hasBias);
    list.linear("mlp.down_proj", WeightRole::Down, width, layer.mlp.innerSize, layer.mlp.hasBias);
    list.norm("mlp_output_norm", WeightRole::MlpOutputNorm, layer.mlpOutputNorm, width);
}

/// Every weight that a description asks for, in Llama's names as far as Llama has them.
inline std::vector<WeightSpec> weightSpecs(const DecoderDescription& decoder)
{
    WeightList list;
    list.table("model.embed_tokens", WeightRole::Embedding, decoder.vocabularySize, decoder.hiddenSize);
    if (decoder.hasLearnedPositions)
        list.table("model.embed_positions", WeightRole::Positions, decoder.maxPositions, decoder.hiddenSize);
    list.norm("model.embed_norm", WeightRole::EmbeddingNorm, decoder.embeddingNorm, decoder.hiddenSize);
    for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        list.beginBlock(static_cast<int>(i), "model.layers." + std::to_string(i) + ".");
        appendBlock(list, decoder.layers[i], decoder.hiddenSize);
    }
    list.beginBlock(-1, "");
    list.norm("model.norm", WeightRole::FinalNorm, decoder.finalNorm, decoder.hiddenSize);
    if (!decoder.isHeadTied) list.table("lm_head", WeightRole::Head, decoder.vocabularySize, decoder.hiddenSize);
    return list.take();
}

inline std::vector<WeightSpec> weightSpecs(const DecoderSizes& sizes)
{
    return weightSpecs(describe(sizes));
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

inline bool isNormWeight(const WeightSpec& spec)
{
    switch (spec.role) {
    case WeightRole::EmbeddingNorm:
    case WeightRole::AttentionNorm:
    case WeightRole::QueryNorm:
    case WeightRole::KeyNorm:
    case WeightRole::AttentionOutputNorm:
    case WeightRole::MlpNorm:
    case WeightRole::MlpOutputNorm:
    case WeightRole::FinalNorm:
        return spec.part == WeightPart::Weight;
    default:
        return false;
    }
}

/// Weights that make every part of the decoder matter: normal around 0, those of norms around 1.
inline DecoderWeights randomWeights(const DecoderDescription& decoder, const std::vector<WeightSpec>& specs,
                                    Precision precision, std::uint64_t seed = 1, double spread = 0.3)
{
    std::mt19937_64 generator(seed);
    std::map<std::string, Tensor> tensors;
    for (const WeightSpec& spec : specs) {
        Tensor tensor = randomTensor(spec.shape, isNormWeight(spec) ? 1.0 : 0.0, spread, generator);
        tensors.emplace(spec.name, tensor.to(masterType(precision)).requires_grad_(true));
    }
    return DecoderWeights::fromTensors(decoder, specs, precision, std::move(tensors));
}

inline DecoderWeights randomWeights(const DecoderDescription& decoder, Precision precision, std::uint64_t seed = 1)
{
    return randomWeights(decoder, weightSpecs(decoder), precision, seed);
}

inline DecoderWeights randomDecoder(const DecoderSizes& sizes, Precision precision, std::uint64_t seed = 1,
                                    double spread = 0.3)
{
    const DecoderDescription decoder = describe(sizes);
    return randomWeights(decoder, weightSpecs(decoder), precision, seed, spread);
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
