// SPDX-License-Identifier: GPL-3.0-or-later
// The forward pass of a decoder description, written to be read beside the papers.
#include "core/train/decoder_forward.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/outer.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>

#include <cstddef>
#include <numbers>

namespace preflab {

namespace {

/// What enters a matrix product: rounded in bfloat16 runs. Rounded once, it is kept once for the backward pass.
Tensor rounded(const Tensor& factor, Precision precision)
{
    return precision == Precision::BFloat16 ? factor.to(at::kBFloat16) : factor;
}

/// x W^T + b: (..., in) -> (..., out). In bfloat16 runs both factors are rounded and the product is widened again.
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias, Precision precision)
{
    const Tensor product = at::linear(rounded(input, precision), rounded(weight, precision)).to(masterType(precision));
    return bias.defined() ? product + bias : product;
}

/// RMSNorm, arXiv:1910.07467 eq. 4, over the last dimension.
Tensor rootMeanSquareNorm(const Tensor& hidden, const Tensor& weight, double epsilon)
{
    const Tensor meanSquare = hidden.pow(2).mean(-1, /*keepdim=*/true);  // (B, T, 1)
    return hidden * (meanSquare + epsilon).rsqrt() * weight;             // (B, T, H)
}

/// Llama 3's stretching: long wavelengths by `factor`, short ones not at all, in between a linear blend. (D/2)
Tensor stretchLikeLlama3(const Tensor& frequencies, const RotaryDescription& rotary)
{
    const double positions = static_cast<double>(rotary.originalMaxPositions);
    const Tensor wavelengths = (2.0 * std::numbers::pi) / frequencies;
    const Tensor blend = ((positions / wavelengths - rotary.lowFrequencyFactor) /
                          (rotary.highFrequencyFactor - rotary.lowFrequencyFactor))
                             .clamp(0.0, 1.0);
    return (1.0 - blend) * frequencies / rotary.factor + blend * frequencies;
}

/// Rotation frequencies of one head, arXiv:2104.09864 section 3.2.2. (D/2)
Tensor rotaryFrequencies(const AttentionDescription& attention, at::ScalarType type)
{
    const RotaryDescription& rotary = attention.rotary;
    const Tensor exponents =
        at::arange(0, attention.headSize, 2, at::kLong).to(type) / static_cast<double>(attention.headSize);
    const Tensor frequencies = 1.0 / at::pow(rotary.theta, exponents);
    switch (rotary.scaling) {
    case RotaryScaling::None:
        return frequencies;
    case RotaryScaling::Linear:
        return frequencies / rotary.factor;
    case RotaryScaling::Llama3:
        return stretchLikeLlama3(frequencies, rotary);
    }
    return frequencies;
}

/// Cosines and sines of every position, each frequency twice because halves rotate together. (T, D) each
struct RotaryTable {
    Tensor cosine, sine;
};

RotaryTable rotaryTable(const AttentionDescription& attention, std::int64_t first, std::int64_t count,
                        at::ScalarType type)
{
    const Tensor positions = at::arange(first, first + count, at::kLong).to(type);   // (T)
    const Tensor angles = at::outer(positions, rotaryFrequencies(attention, type));  // (T, D/2)
    const Tensor both = at::cat({angles, angles}, -1);                               // (T, D)
    return {both.cos(), both.sin()};
}

/// Rotates pairs (x_i, x_{i+D/2}): the half-split layout of Hugging Face. (B, A or K, T, D)
Tensor rotate(const Tensor& vectors, const RotaryTable& table)
{
    const auto halves = vectors.chunk(2, -1);
    return vectors * table.cosine + at::cat({-halves[1], halves[0]}, -1) * table.sine;
}

/// Which keys a query sees: all earlier ones, and with `lengths` no padding. An undefined mask with isCausal false
/// means all.
struct Visibility {
    Tensor mask;  // (T, S) or (B, 1, T, S) bool: S keys, those of the cache first
    bool isCausal = false;
};

Visibility visibilityOf(std::int64_t past, std::int64_t count, const Tensor& lengths)
{
    const bool hasPadding = lengths.defined() && (lengths < past + count).any().item<bool>();
    if (!hasPadding && past == 0) return {{}, true};
    if (!hasPadding && count == 1) return {};
    const Tensor keys = at::arange(past + count, at::kLong);                        // (S)
    const Tensor queries = at::arange(past, past + count, at::kLong).unsqueeze(1);  // (T, 1)
    const Tensor isEarlier = keys <= queries;                                       // (T, S)
    if (!hasPadding) return {isEarlier, false};
    // A row without any visible key would be NaN, so the first key stays visible whatever the length.
    const Tensor isReal = keys < lengths.clamp_min(1).view({-1, 1, 1, 1});  // (B, 1, 1, S)
    return {isEarlier & isReal, false};
}

/// Appends keys and values to the cache and returns all of them.
void extendCache(KeyValueCache::Layer& cache, Tensor& keys, Tensor& values)
{
    if (cache.keys.defined()) {
        keys = at::cat({cache.keys, keys}, 2);
        values = at::cat({cache.values, values}, 2);
    }
    cache = {keys, values};
}

/// Every key/value head serves `sharing` query heads. (B, K, T, D) -> (B, K * sharing, T, D)
Tensor shareHeads(const Tensor& heads, std::int64_t sharing)
{
    if (sharing == 1) return heads;
    const std::int64_t batch = heads.size(0), count = heads.size(1), positions = heads.size(2), size = heads.size(3);
    return heads.unsqueeze(2)
        .expand({batch, count, sharing, positions, size})
        .reshape({batch, count * sharing, positions, size});
}

/// Grouped-query attention, arXiv:1706.03762 eq. 1 and arXiv:2305.13245. (B, T, H) -> (B, T, H)
Tensor attend(const Tensor& hidden, const AttentionDescription& attention, const DecoderWeights::Layer& layer,
              const RotaryTable& table, const Visibility& visibility, KeyValueCache::Layer* cache, Precision precision)
{
    const std::int64_t batch = hidden.size(0), count = hidden.size(1);
    const Tensor input = rounded(hidden, precision);
    const auto split = [&](const Tensor& projected, std::int64_t heads) {
        return projected.view({batch, count, heads, attention.headSize}).transpose(1, 2);
    };
    Tensor queries = split(linear(input, layer.query, layer.queryBias, precision), attention.heads);   // (B, A, T, D)
    Tensor keys = split(linear(input, layer.key, layer.keyBias, precision), attention.keyValueHeads);  // (B, K, T, D)
    Tensor values = split(linear(input, layer.value, layer.valueBias, precision), attention.keyValueHeads);
    queries = rounded(rotate(queries, table), precision);
    keys = rounded(rotate(keys, table), precision);
    values = rounded(values, precision);
    if (cache != nullptr) extendCache(*cache, keys, values);
    const auto mask = visibility.mask.defined() ? std::optional<Tensor>(visibility.mask) : std::nullopt;
    const std::int64_t sharing = attention.heads / attention.keyValueHeads;
    const Tensor mixed =
        at::scaled_dot_product_attention(queries, shareHeads(keys, sharing), shareHeads(values, sharing), mask,
                                         /*dropout_p=*/0.0, visibility.isCausal, attention.scale);  // (B, A, T, D)
    const Tensor joined = mixed.transpose(1, 2).reshape({batch, count, attention.heads * attention.headSize});
    return linear(joined, layer.attentionOutput, layer.attentionOutputBias, precision);
}

/// Gated MLP, arXiv:2002.05202 eq. 6. (B, T, H) -> (B, T, H)
Tensor gatedMlp(const Tensor& hidden, const DecoderWeights::Layer& layer, Precision precision)
{
    const Tensor input = rounded(hidden, precision);
    const Tensor gate = at::silu(linear(input, layer.gate, layer.gateBias, precision));  // (B, T, I)
    const Tensor up = linear(input, layer.up, layer.upBias, precision);                  // (B, T, I)
    return linear(gate * up, layer.down, layer.downBias, precision);
}

}  // namespace

Tensor decoderHidden(const DecoderWeights& weights, const Tensor& ids, KeyValueCache* cache, const Tensor& lengths)
{
    const DecoderDescription& decoder = weights.decoder;
    const std::int64_t past = cache != nullptr ? cache->positions : 0;
    const std::int64_t count = ids.size(1);
    if (cache != nullptr) cache->layers.resize(decoder.layers.size());

    const Visibility visibility = visibilityOf(past, count, lengths);
    RotaryTable table;
    Tensor hidden = at::embedding(weights.embedding, ids);  // (B, T, H)
    for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        const LayerDescription& description = decoder.layers[i];
        const DecoderWeights::Layer& layer = weights.layers[i];
        const bool isNewTable = i == 0 || !(description.attention.rotary == decoder.layers[i - 1].attention.rotary);
        if (isNewTable) table = rotaryTable(description.attention, past, count, masterType(weights.precision));
        KeyValueCache::Layer* const layerCache = cache != nullptr ? &cache->layers[i] : nullptr;
        hidden = hidden + attend(rootMeanSquareNorm(hidden, layer.attentionNorm, decoder.normEpsilon),
                                 description.attention, layer, table, visibility, layerCache, weights.precision);
        hidden =
            hidden + gatedMlp(rootMeanSquareNorm(hidden, layer.mlpNorm, decoder.normEpsilon), layer, weights.precision);
    }
    if (cache != nullptr) cache->positions = past + count;
    return rootMeanSquareNorm(hidden, weights.finalNorm, decoder.normEpsilon);
}

Tensor decoderLogits(const DecoderWeights& weights, const Tensor& hidden)
{
    return linear(hidden, weights.head, {}, weights.precision);  // (..., V)
}

}  // namespace preflab
