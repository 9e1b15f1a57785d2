// SPDX-License-Identifier: GPL-3.0-or-later
// Causal attention with grouped heads, windows and capped scores.
#include "core/train/engine/attention.h"

#include "core/train/engine/layers.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>

#include <limits>

namespace preflab {

namespace {

/// Positions of keys and of the `count` queries behind `past` tokens.
struct Positions {
    Tensor keys;     // (S)
    Tensor queries;  // (T, 1)

    Positions(std::int64_t past, std::int64_t count, at::Device device)
        : keys(at::arange(past + count, at::TensorOptions(device).dtype(at::kLong))),
          queries(keys.narrow(0, past, count).unsqueeze(1))
    {
    }
    /// Keys not after the query. (T, S)
    Tensor areEarlier() const { return keys <= queries; }
};

/// Appends keys and values to the cache and returns all of them.
void extendCache(LayerCache& cache, Tensor& keys, Tensor& values)
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

/// Attention whose scores are capped before the softmax, arXiv:2408.00118 section 2. (B, A, T, D)
Tensor mixCapped(const Tensor& queries, const Tensor& keys, const Tensor& values, const Visibility& visibility,
                 double scale, double cap)
{
    const Tensor products = at::matmul(queries, keys.transpose(-2, -1));  // (B, A, T, S)
    const bool isDouble = products.scalar_type() == at::kDouble;
    Tensor scores = products.to(isDouble ? at::kDouble : at::kFloat) * scale;
    scores = at::tanh(scores / cap) * cap;
    const Tensor mask = visibility.isCausal
                            ? Positions(keys.size(2) - queries.size(2), queries.size(2), scores.device()).areEarlier()
                            : visibility.mask;
    if (mask.defined()) scores = scores.masked_fill(~mask, -std::numeric_limits<double>::infinity());
    return at::matmul(at::softmax(scores, -1).to(values.scalar_type()), values);
}

/// What each query takes from the values. Keys and values have as many heads as queries. (B, A, T, D)
Tensor mixValues(const Tensor& queries, const Tensor& keys, const Tensor& values, const Visibility& visibility,
                 const AttentionDescription& attention)
{
    if (attention.scoreCap) return mixCapped(queries, keys, values, visibility, attention.scale, *attention.scoreCap);
    const auto mask = visibility.mask.defined() ? std::optional<Tensor>(visibility.mask) : std::nullopt;
    return at::scaled_dot_product_attention(queries, keys, values, mask, /*dropout_p=*/0.0, visibility.isCausal,
                                            attention.scale);
}

}  // namespace

Visibility visibilityOf(std::int64_t past, std::int64_t count, const Tensor& lengths,
                        std::optional<std::int64_t> window, at::Device device)
{
    const bool hasPadding = lengths.defined() && (lengths < past + count).any().item<bool>();
    const bool isWindowed = window && past + count > *window;
    if (!hasPadding && !isWindowed && past == 0) return {{}, true};
    if (!hasPadding && !isWindowed && count == 1) return {};
    const Positions positions(past, count, device);
    Tensor mask = positions.areEarlier();  // (T, S)
    if (isWindowed) mask = mask & (positions.keys > positions.queries - *window);
    if (!hasPadding) return {mask, false};
    // A row without any visible key would be NaN. The first key stays visible whatever the length; where a window
    // hides that one, a padded query sees itself.
    Tensor isReal = positions.keys < lengths.clamp_min(1).view({-1, 1, 1, 1});  // (B, 1, 1, S)
    if (isWindowed) isReal = isReal | (positions.keys == positions.queries);    // (B, 1, T, S)
    return {mask & isReal, false};
}

Tensor attend(const Tensor& hidden, const AttentionDescription& attention, const DecoderWeights::Layer& layer,
              const std::optional<RotaryTable>& table, const Visibility& visibility, LayerCache* cache,
              Precision precision)
{
    const std::int64_t batch = hidden.size(0), count = hidden.size(1);
    const Tensor input = rounded(hidden, precision);
    const auto split = [&](const Tensor& projected, std::int64_t heads) {
        return projected.view({batch, count, heads, attention.headSize}).transpose(1, 2);
    };
    const auto placed = [&](const Tensor& heads) { return table ? rotate(heads, *table) : heads; };
    Tensor queries = split(linear(input, layer.query, precision), attention.heads);         // (B, A, T, D)
    Tensor keys = split(linear(input, layer.key, precision), attention.keyValueHeads);      // (B, K, T, D)
    Tensor values = split(linear(input, layer.value, precision), attention.keyValueHeads);  // (B, K, T, D)
    queries = rounded(placed(normalised(queries, attention.queryNorm, layer.queryNorm)), precision);
    keys = rounded(placed(normalised(keys, attention.keyNorm, layer.keyNorm)), precision);
    values = rounded(values, precision);
    if (cache != nullptr) extendCache(*cache, keys, values);
    const std::int64_t sharing = attention.heads / attention.keyValueHeads;
    const Tensor mixed =
        mixValues(queries, shareHeads(keys, sharing), shareHeads(values, sharing), visibility, attention);
    const Tensor joined = mixed.transpose(1, 2).reshape({batch, count, attention.heads * attention.headSize});
    return linear(joined, layer.attentionOutput, precision);
}

}  // namespace preflab
