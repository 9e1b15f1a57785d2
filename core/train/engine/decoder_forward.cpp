// SPDX-License-Identifier: GPL-3.0-or-later
// The forward pass of a decoder description, written to be read beside the papers.
#include "core/train/engine/decoder_forward.h"

#include "core/train/engine/layers.h"

#include <ATen/ops/embedding.h>
#include <ATen/ops/tanh.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

namespace preflab {

namespace {

/// What layers with the same description share: rotary tables and masks.
template <class Key, class Value>
class Shared {
public:
    template <class Make>
    Value of(const Key& key, const Make& make)
    {
        const auto known = std::find_if(m_known.begin(), m_known.end(),
                                        [&key](const std::pair<Key, Value>& entry) { return entry.first == key; });
        return known != m_known.end() ? known->second : m_known.emplace_back(key, make()).second;
    }

private:
    std::vector<std::pair<Key, Value>> m_known;
};

/// One overload for each way in which positions enter attention.
struct TableOf {
    std::int64_t first, count;
    at::TensorOptions options;

    std::optional<RotaryTable> operator()(const NoPositions&) const { return std::nullopt; }
    std::optional<RotaryTable> operator()(const RotaryPositions& rotary) const
    {
        return rotaryTable(rotary, first, count, options);
    }
};

/// x + scale * part (B, T, H)
Tensor sum(const Tensor& hidden, const Tensor& part, double scale)
{
    return scale == 1.0 ? hidden + part : hidden + part * scale;
}

/// What enters the first block. `ids` (B, T) follow `past` tokens. (B, T, H)
Tensor embedded(const DecoderWeights& weights, const Tensor& ids, std::int64_t past)
{
    const DecoderDescription& decoder = weights.decoder;
    Tensor hidden = at::embedding(weights.embedding, ids);
    if (decoder.embeddingScale != 1.0) hidden = hidden * decoder.embeddingScale;
    if (decoder.hasLearnedPositions) hidden = hidden + weights.positions.narrow(0, past, ids.size(1));
    return normalised(hidden, decoder.embeddingNorm, weights.embeddingNorm);
}

}  // namespace

Tensor decoderHidden(const DecoderWeights& weights, const Tensor& ids, KeyValueCache* cache, const Tensor& lengths)
{
    const DecoderDescription& decoder = weights.decoder;
    const Precision precision = weights.placement.precision;
    const at::TensorOptions options = at::TensorOptions(ids.device()).dtype(masterType(precision));
    const std::int64_t past = cache != nullptr ? cache->positions : 0;
    const std::int64_t count = ids.size(1);
    if (cache != nullptr) cache->layers.resize(decoder.layers.size());

    Shared<std::optional<std::int64_t>, Visibility> visibilities;
    Shared<PositionDescription, std::optional<RotaryTable>> tables;
    Tensor hidden = embedded(weights, ids, past);  // (B, T, H)
    for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        const LayerDescription& block = decoder.layers[i];
        const DecoderWeights::Layer& layer = weights.layers[i];
        const Visibility visibility = visibilities.of(block.attention.window, [&] {
            return visibilityOf(past, count, lengths, block.attention.window, ids.device());
        });
        const auto table = tables.of(block.attention.positions, [&] {
            return std::visit(TableOf{past, count, options}, block.attention.positions);
        });
        LayerCache* const layerCache = cache != nullptr ? &cache->layers[i] : nullptr;
        hidden = sum(hidden,
                     normalised(attend(normalised(hidden, block.attentionNorm, layer.attentionNorm), block.attention,
                                       layer, table, visibility, layerCache, precision),
                                block.attentionOutputNorm, layer.attentionOutputNorm),
                     decoder.residualScale);
        hidden =
            sum(hidden,
                normalised(feedForward(normalised(hidden, block.mlpNorm, layer.mlpNorm), block.mlp, layer, precision),
                           block.mlpOutputNorm, layer.mlpOutputNorm),
                decoder.residualScale);
    }
    if (cache != nullptr) cache->positions = past + count;
    return normalised(hidden, decoder.finalNorm, weights.finalNorm);
}

Tensor decoderLogits(const DecoderWeights& weights, const Tensor& hidden)
{
    const DecoderDescription& decoder = weights.decoder;
    Tensor logits = linear(hidden, weights.head, weights.placement.precision);  // (..., V)
    if (decoder.logitScale != 1.0) logits = logits * decoder.logitScale;
    if (decoder.logitCap) logits = at::tanh(logits / *decoder.logitCap) * *decoder.logitCap;
    return logits;
}

}  // namespace preflab
