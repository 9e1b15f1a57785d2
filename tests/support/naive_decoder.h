// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder once more in plain loops over doubles, one sequence at a time: an oracle that shares no code with ATen.
// Include before Qt.
#pragma once

#include "core/train/decoder_forward.h"

#include <cmath>
#include <cstdint>
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

inline Vector naiveLinear(const Vector& x, const Tensor& weight, const Tensor& bias)
{
    const NaiveWeight w(weight), b(bias);
    Vector y(w.rows());
    for (std::size_t o = 0; o < y.size(); ++o) {
        y[o] = b.at(o);
        for (std::size_t i = 0; i < x.size(); ++i) y[o] += w.at(o * x.size() + i) * x[i];
    }
    return y;
}

inline Vector naiveNorm(const Vector& x, const Tensor& weight, double epsilon)
{
    double meanSquare = 0.0;
    for (const double value : x) meanSquare += value * value / static_cast<double>(x.size());
    const NaiveWeight w(weight);
    Vector y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] / std::sqrt(meanSquare + epsilon) * w.at(i);
    return y;
}

/// Frequency i of a rotary description, as transformers' rope utilities define it.
inline double naiveFrequency(const RotaryDescription& rotary, double headSize, double i)
{
    const double frequency = std::pow(rotary.theta, -2.0 * i / headSize);
    if (rotary.scaling == RotaryScaling::None) return frequency;
    if (rotary.scaling == RotaryScaling::Linear) return frequency / rotary.factor;
    const double positions = static_cast<double>(rotary.originalMaxPositions);
    const double wavelength = 2.0 * std::acos(-1.0) / frequency;
    if (wavelength < positions / rotary.highFrequencyFactor) return frequency;
    if (wavelength > positions / rotary.lowFrequencyFactor) return frequency / rotary.factor;
    const double blend =
        (positions / wavelength - rotary.lowFrequencyFactor) / (rotary.highFrequencyFactor - rotary.lowFrequencyFactor);
    return (1.0 - blend) * frequency / rotary.factor + blend * frequency;
}

/// Rotates one head's vector of position `position`, beginning at `first` of `x`.
inline void naiveRotate(Vector& x, std::size_t first, std::size_t headSize, const RotaryDescription& rotary,
                        std::size_t position)
{
    const std::size_t half = headSize / 2;
    for (std::size_t i = 0; i < half; ++i) {
        const double angle = static_cast<double>(position) *
                             naiveFrequency(rotary, static_cast<double>(headSize), static_cast<double>(i));
        const double a = x[first + i], b = x[first + half + i];
        x[first + i] = a * std::cos(angle) - b * std::sin(angle);
        x[first + half + i] = b * std::cos(angle) + a * std::sin(angle);
    }
}

/// Attention of one query over keys and values of positions 0 .. keys.size()-1.
inline Vector naiveAttend(const Vector& query, const std::vector<Vector>& keys, const std::vector<Vector>& values,
                          const AttentionDescription& attention)
{
    const auto size = static_cast<std::size_t>(attention.headSize);
    const auto sharing = static_cast<std::size_t>(attention.heads / attention.keyValueHeads);
    Vector mixed(query.size(), 0.0);
    for (std::size_t head = 0; head < static_cast<std::size_t>(attention.heads); ++head) {
        const std::size_t shared = head / sharing * size;
        Vector weights(keys.size());
        double sum = 0.0;
        for (std::size_t t = 0; t < keys.size(); ++t) {
            double product = 0.0;
            for (std::size_t i = 0; i < size; ++i) product += query[head * size + i] * keys[t][shared + i];
            sum += weights[t] = std::exp(product * attention.scale);
        }
        for (std::size_t t = 0; t < keys.size(); ++t)
            for (std::size_t i = 0; i < size; ++i) mixed[head * size + i] += weights[t] / sum * values[t][shared + i];
    }
    return mixed;
}

/// Logits of every position of one sequence.
inline std::vector<Vector> naiveLogits(const DecoderWeights& weights, const std::vector<std::int64_t>& ids)
{
    const double epsilon = weights.decoder.normEpsilon;
    const NaiveWeight embedding(weights.embedding);
    const auto width = static_cast<std::size_t>(weights.decoder.hiddenSize);
    std::vector<Vector> hidden;
    for (const std::int64_t id : ids) {
        hidden.emplace_back(width);
        for (std::size_t i = 0; i < width; ++i)
            hidden.back()[i] = embedding.at(static_cast<std::size_t>(id) * width + i);
    }
    for (std::size_t l = 0; l < weights.layers.size(); ++l) {
        const DecoderWeights::Layer& layer = weights.layers[l];
        const AttentionDescription& attention = weights.decoder.layers[l].attention;
        const auto size = static_cast<std::size_t>(attention.headSize);
        std::vector<Vector> keys, values;
        for (std::size_t t = 0; t < ids.size(); ++t) {
            const Vector x = naiveNorm(hidden[t], layer.attentionNorm, epsilon);
            Vector query = naiveLinear(x, layer.query, layer.queryBias);
            keys.push_back(naiveLinear(x, layer.key, layer.keyBias));
            values.push_back(naiveLinear(x, layer.value, layer.valueBias));
            for (std::size_t i = 0; i < query.size(); i += size) naiveRotate(query, i, size, attention.rotary, t);
            for (std::size_t i = 0; i < keys[t].size(); i += size) naiveRotate(keys[t], i, size, attention.rotary, t);
            const Vector mixed = naiveLinear(naiveAttend(query, keys, values, attention), layer.attentionOutput,
                                             layer.attentionOutputBias);
            for (std::size_t i = 0; i < width; ++i) hidden[t][i] += mixed[i];
            const Vector y = naiveNorm(hidden[t], layer.mlpNorm, epsilon);
            Vector gate = naiveLinear(y, layer.gate, layer.gateBias);
            const Vector up = naiveLinear(y, layer.up, layer.upBias);
            for (std::size_t i = 0; i < gate.size(); ++i) gate[i] *= up[i] / (1.0 + std::exp(-gate[i]));
            const Vector down = naiveLinear(gate, layer.down, layer.downBias);
            for (std::size_t i = 0; i < width; ++i) hidden[t][i] += down[i];
        }
    }
    std::vector<Vector> logits;
    for (const Vector& x : hidden)
        logits.push_back(naiveLinear(naiveNorm(x, weights.finalNorm, epsilon), weights.head, Tensor()));
    return logits;
}

}  // namespace preflab::test
