// SPDX-License-Identifier: GPL-3.0-or-later
// Frequencies, their scalings, and the rotation.
#include "core/train/engine/rotary.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/outer.h>
#include <ATen/ops/pow.h>

#include <numbers>
#include <variant>

namespace preflab {

namespace {

/// One overload for each scaling: a new one does not compile until it has its own. (width/2) -> (width/2)
struct Scale {
    const Tensor& frequencies;

    Tensor operator()(const UnscaledRotary&) const { return frequencies; }
    Tensor operator()(const LinearRotary& linear) const { return frequencies / linear.factor; }
    Tensor operator()(const Llama3Rotary& llama) const
    {
        const double positions = static_cast<double>(llama.originalMaxPositions);
        const Tensor wavelengths = (2.0 * std::numbers::pi) / frequencies;
        const Tensor blend = ((positions / wavelengths - llama.lowFrequencyFactor) /
                              (llama.highFrequencyFactor - llama.lowFrequencyFactor))
                                 .clamp(0.0, 1.0);
        return (1.0 - blend) * frequencies / llama.factor + blend * frequencies;
    }
};

/// Rotation frequencies, arXiv:2104.09864 section 3.2.2. (width/2)
Tensor rotaryFrequencies(const RotaryPositions& rotary, const at::TensorOptions& options)
{
    const Tensor even = at::arange(0, rotary.width, 2, options.dtype(at::kLong)).to(options);
    const Tensor exponents = even / static_cast<double>(rotary.width);
    const Tensor frequencies = 1.0 / at::pow(rotary.theta, exponents);
    return std::visit(Scale{frequencies}, rotary.scaling);
}

}  // namespace

RotaryTable rotaryTable(const RotaryPositions& rotary, std::int64_t first, std::int64_t count,
                        const at::TensorOptions& options)
{
    const Tensor positions = at::arange(first, first + count, options.dtype(at::kLong)).to(options);  // (T)
    const Tensor angles = at::outer(positions, rotaryFrequencies(rotary, options));                   // (T, width/2)
    const Tensor both = at::cat({angles, angles}, -1);                                                // (T, width)
    return {both.cos(), both.sin()};
}

Tensor rotate(const Tensor& vectors, const RotaryTable& table)
{
    const std::int64_t width = table.cosine.size(-1);
    const std::int64_t rest = vectors.size(-1) - width;
    const Tensor turned = rest == 0 ? vectors : vectors.narrow(-1, 0, width);
    const auto halves = turned.chunk(2, -1);
    const Tensor rotated = turned * table.cosine + at::cat({-halves[1], halves[0]}, -1) * table.sine;
    return rest == 0 ? rotated : at::cat({rotated, vectors.narrow(-1, width, rest)}, -1);
}

}  // namespace preflab
