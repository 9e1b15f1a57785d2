// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder once more in plain loops over doubles, one sequence at a time: an oracle that shares no code with ATen.
// Include before Qt.
#pragma once

#include "core/train/engine/decoder_forward.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

namespace preflab::test {

using Vector = std::vector<double>;

/// Row-major access to a weight (out, in) or (in).
class NaiveWeight {
public:
    explicit NaiveWeight(const Tensor& tensor)
        : m_values(tensor.defined() ? tensor.detach().to(at::kDouble).contiguous() : Tensor())
    {
    }
    double at(std::size_t i) const { return m_values.defined() ? m_values.const_data_ptr<double>()[i] : 0.0; }
    std::size_t rows() const { return static_cast<std::size_t>(m_values.size(0)); }

private:
    Tensor m_values;
};

inline Vector naiveLinear(const Vector& x, const LinearWeight& linear)
{
    const NaiveWeight w(linear.weight), b(linear.bias);
    Vector y(w.rows());
    for (std::size_t o = 0; o < y.size(); ++o) {
        y[o] = b.at(o);
        for (std::size_t i = 0; i < x.size(); ++i) y[o] += w.at(o * x.size() + i) * x[i];
    }
    return y;
}

/// Normalises `size` numbers of `x` from `first` on.
inline void naiveNorm(Vector& x, std::size_t first, std::size_t size, const std::optional<NormDescription>& norm,
                      const NormWeight& weight)
{
    if (!norm) return;
    const double count = static_cast<double>(size);
    double mean = 0.0, square = 0.0;
    for (std::size_t i = 0; i < size; ++i) mean += x[first + i] / count;
    if (norm->kind == NormKind::RootMeanSquare) mean = 0.0;
    for (std::size_t i = 0; i < size; ++i) square += (x[first + i] - mean) * (x[first + i] - mean) / count;
    const NaiveWeight w(weight.weight), b(weight.bias);
    for (std::size_t i = 0; i < size; ++i) {
        const double scaled = (x[first + i] - mean) / std::sqrt(square + norm->epsilon);
        x[first + i] = scaled * (w.at(i) + norm->weightOffset) + b.at(i);
    }
}

inline Vector naiveNormed(Vector x, const std::optional<NormDescription>& norm, const NormWeight& weight)
{
    naiveNorm(x, 0, x.size(), norm, weight);
    return x;
}

/// Frequency i of a rotary description, as transformers' rope utilities define it.
inline double naiveFrequency(const RotaryPositions& rotary, double i)
{
    const double frequency = std::pow(rotary.theta, -2.0 * i / static_cast<double>(rotary.width));
    if (std::holds_alternative<UnscaledRotary>(rotary.scaling)) return frequency;
    if (const auto* linear = std::get_if<LinearRotary>(&rotary.scaling)) return frequency / linear->factor;
    const auto& llama = std::get<Llama3Rotary>(rotary.scaling);
    const double positions = static_cast<double>(llama.originalMaxPositions);
    const double wavelength = 2.0 * std::acos(-1.0) / frequency;
    if (wavelength < positions / llama.highFrequencyFactor) return frequency;
    if (wavelength > positions / llama.lowFrequencyFactor) return frequency / llama.factor;
    const double blend =
        (positions / wavelength - llama.lowFrequencyFactor) / (llama.highFrequencyFactor - llama.lowFrequencyFactor);
    return (1.0 - blend) * frequency / llama.factor + blend * frequency;
}

/// Rotates one head's vector of position `position`, beginning at `first` of `x`.
inline void naiveRotate(Vector& x, std::size_t first, const PositionDescription& positions, std::size_t position)
{
    const auto* rotary = std::get_if<RotaryPositions>(&positions);
    if (rotary == nullptr) return;
    const auto half = static_cast<std::size_t>(rotary->width) / 2;
    for (std::size_t i = 0; i < half; ++i) {
        const double angle = static_cast<double>(position) * naiveFrequency(*rotary, static_cast<double>(i));
        const double a = x[first + i], b = x[first + half + i];
        x[first + i] = a * std::cos(angle) - b * std::sin(angle);
        x[first + half + i] = b * std::cos(angle) + a * std::sin(angle);
    }
}

/// Attention of the last position's query over keys and values of positions 0 .. keys.size()-1.
inline Vector naiveAttend(const Vector& query, const std::vector<Vector>& keys, const std::vector<Vector>& values,
                          const AttentionDescription& attention)
{
    const auto size = static_cast<std::size_t>(attention.headSize);
    const auto sharing = static_cast<std::size_t>(attention.heads / attention.keyValueHeads);
    const auto window = static_cast<std::size_t>(attention.window.value_or(std::numeric_limits<std::int64_t>::max()));
    const std::size_t start = keys.size() > window ? keys.size() - window : 0;
    Vector mixed(query.size(), 0.0);
    for (std::size_t head = 0; head < static_cast<std::size_t>(attention.heads); ++head) {
        const std::size_t shared = head / sharing * size;
        Vector weights(keys.size());
        double sum = 0.0;
        for (std::size_t t = start; t < keys.size(); ++t) {
            double score = 0.0;
            for (std::size_t i = 0; i < size; ++i) score += query[head * size + i] * keys[t][shared + i];
            score *= attention.scale;
            if (attention.scoreCap) score = *attention.scoreCap * std::tanh(score / *attention.scoreCap);
            sum += weights[t] = std::exp(score);
        }
        for (std::size_t t = start; t < keys.size(); ++t)
            for (std::size_t i = 0; i < size; ++i) mixed[head * size + i] += weights[t] / sum * values[t][shared + i];
    }
    return mixed;
}

inline double naiveActivation(double x, Activation activation)
{
    switch (activation) {
    case Activation::Silu:
        return x / (1.0 + std::exp(-x));
    case Activation::Gelu:
        return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0)));
    case Activation::GeluTanh:
        return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
    case Activation::Relu:
        return x > 0.0 ? x : 0.0;
    }
    return 0.0;
}

inline Vector naiveMlp(const Vector& x, const MlpDescription& mlp, const DecoderWeights::Layer& layer)
{
    Vector inner = naiveLinear(x, layer.up);
    if (mlp.isGated) {
        const Vector gate = naiveLinear(x, layer.gate);
        for (std::size_t i = 0; i < inner.size(); ++i) inner[i] *= naiveActivation(gate[i], mlp.activation);
    } else {
        for (double& value : inner) value = naiveActivation(value, mlp.activation);
    }
    return naiveLinear(inner, layer.down);
}

/// What attention adds to each position. `hidden` is what enters the block.
inline std::vector<Vector> naiveAttention(const std::vector<Vector>& hidden, const LayerDescription& block,
                                          const DecoderWeights::Layer& layer)
{
    const AttentionDescription& attention = block.attention;
    const auto size = static_cast<std::size_t>(attention.headSize);
    std::vector<Vector> keys, values, result;
    for (std::size_t t = 0; t < hidden.size(); ++t) {
        const Vector x = naiveNormed(hidden[t], block.attentionNorm, layer.attentionNorm);
        Vector query = naiveLinear(x, layer.query);
        Vector key = naiveLinear(x, layer.key);
        for (std::size_t i = 0; i < query.size(); i += size) {
            naiveNorm(query, i, size, attention.queryNorm, layer.queryNorm);
            naiveRotate(query, i, attention.positions, t);
        }
        for (std::size_t i = 0; i < key.size(); i += size) {
            naiveNorm(key, i, size, attention.keyNorm, layer.keyNorm);
            naiveRotate(key, i, attention.positions, t);
        }
        keys.push_back(key);
        values.push_back(naiveLinear(x, layer.value));
        const Vector mixed = naiveLinear(naiveAttend(query, keys, values, attention), layer.attentionOutput);
        result.push_back(naiveNormed(mixed, block.attentionOutputNorm, layer.attentionOutputNorm));
    }
    return result;
}

/// What enters the first block.
inline std::vector<Vector> naiveEmbedding(const DecoderWeights& weights, const std::vector<std::int64_t>& ids)
{
    const DecoderDescription& decoder = weights.decoder;
    const NaiveWeight embedding(weights.embedding), positions(weights.positions);
    const auto width = static_cast<std::size_t>(decoder.hiddenSize);
    std::vector<Vector> hidden;
    for (std::size_t t = 0; t < ids.size(); ++t) {
        Vector x(width);
        for (std::size_t i = 0; i < width; ++i)
            x[i] = embedding.at(static_cast<std::size_t>(ids[t]) * width + i) * decoder.embeddingScale +
                   positions.at(t * width + i);
        hidden.push_back(naiveNormed(x, decoder.embeddingNorm, weights.embeddingNorm));
    }
    return hidden;
}

/// Logits of every position of one sequence.
inline std::vector<Vector> naiveLogits(const DecoderWeights& weights, const std::vector<std::int64_t>& ids)
{
    const DecoderDescription& decoder = weights.decoder;
    std::vector<Vector> hidden = naiveEmbedding(weights, ids);
    for (std::size_t l = 0; l < weights.layers.size(); ++l) {
        const DecoderWeights::Layer& layer = weights.layers[l];
        const LayerDescription& block = decoder.layers[l];
        const std::vector<Vector> attended = naiveAttention(hidden, block, layer);
        for (std::size_t t = 0; t < ids.size(); ++t) {
            Vector& x = hidden[t];
            for (std::size_t i = 0; i < x.size(); ++i) x[i] += decoder.residualScale * attended[t][i];
            const Vector inner = naiveMlp(naiveNormed(x, block.mlpNorm, layer.mlpNorm), block.mlp, layer);
            const Vector fed = naiveNormed(inner, block.mlpOutputNorm, layer.mlpOutputNorm);
            for (std::size_t i = 0; i < x.size(); ++i) x[i] += decoder.residualScale * fed[i];
        }
    }
    std::vector<Vector> logits;
    for (const Vector& x : hidden) {
        Vector row = naiveLinear(naiveNormed(x, decoder.finalNorm, weights.finalNorm), weights.head);
        for (double& logit : row) {
            logit *= decoder.logitScale;
            if (decoder.logitCap) logit = *decoder.logitCap * std::tanh(logit / *decoder.logitCap);
        }
        logits.push_back(row);
    }
    return logits;
}

/// Largest difference of a row's logits (T, V) to the loops'.
inline double differenceToLoops(const DecoderWeights& weights, const std::vector<std::int64_t>& ids,
                                const Tensor& logits)
{
    const Tensor found = logits.detach().to(at::kDouble);
    const std::vector<Vector> expected = naiveLogits(weights, ids);
    double largest = 0.0;
    for (std::size_t t = 0; t < expected.size(); ++t) {
        const Tensor row = found[static_cast<std::int64_t>(t)].contiguous();
        for (std::size_t v = 0; v < expected[t].size(); ++v)
            largest = std::max(largest, std::abs(expected[t][v] - row.const_data_ptr<double>()[v]));
    }
    return largest;
}

}  // namespace preflab::test
