// SPDX-License-Identifier: GPL-3.0-or-later
// Linear maps, norms and MLP, written to be read beside the papers.
#include "core/train/engine/layers.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/silu.h>

namespace preflab {

namespace {

/// (..., I) -> (..., I)
Tensor activated(const Tensor& values, Activation activation)
{
    Tensor result;
    switch (activation) {
    case Activation::Silu:
        result = at::silu(values);
        break;
    case Activation::Gelu:
        result = at::gelu(values);
        break;
    case Activation::GeluTanh:
        result = at::gelu(values, "tanh");
        break;
    case Activation::Relu:
        result = at::relu(values);
        break;
    }
    return result;
}

/// What an adapter adds: scale * (x A^T) B^T. (..., in) -> (..., out)
Tensor adapted(const Tensor& input, const LowRankAdapter& adapter, Precision precision)
{
    const Tensor inner = at::linear(input, rounded(adapter.a, precision));                              // (..., r)
    return at::linear(inner, rounded(adapter.b, precision)).to(masterType(precision)) * adapter.scale;  // (..., out)
}

/// One norm with its factors, over the last dimension.
Tensor applied(const Tensor& values, const NormDescription& norm, const NormWeight& weight)
{
    Tensor scaled;  // as `values`
    switch (norm.kind) {
    case NormKind::RootMeanSquare: {
        const Tensor meanSquare = values.pow(2).mean(-1, /*keepdim=*/true);  // (..., 1)
        scaled = values * (meanSquare + norm.epsilon).rsqrt();
        break;
    }
    case NormKind::Layer: {
        const Tensor centred = values - values.mean(-1, /*keepdim=*/true);
        const Tensor variance = centred.pow(2).mean(-1, /*keepdim=*/true);  // (..., 1)
        scaled = centred * (variance + norm.epsilon).rsqrt();
        break;
    }
    }
    const Tensor factor = norm.weightOffset != 0.0 ? weight.weight + norm.weightOffset : weight.weight;
    return norm.hasBias ? scaled * factor + weight.bias : scaled * factor;
}

}  // namespace

Tensor rounded(const Tensor& factor, Precision precision)
{
    return precision == Precision::BFloat16 ? factor.to(at::kBFloat16) : factor;
}

Tensor linear(const Tensor& input, const LinearWeight& weight, Precision precision)
{
    const Tensor factor = rounded(input, precision);
    Tensor product = at::linear(factor, rounded(weight.weight, precision)).to(masterType(precision));
    if (weight.adapter) product = product + adapted(factor, *weight.adapter, precision);
    return weight.bias.defined() ? product + weight.bias : product;
}

Tensor normalised(const Tensor& values, const std::optional<NormDescription>& norm, const NormWeight& weight)
{
    return norm ? applied(values, *norm, weight) : values;
}

Tensor feedForward(const Tensor& hidden, const MlpDescription& mlp, const DecoderWeights::Layer& layer,
                   Precision precision)
{
    const Tensor input = rounded(hidden, precision);
    if (!mlp.isGated) {
        const Tensor inner = activated(linear(input, layer.up, precision), mlp.activation);  // (B, T, I)
        return linear(inner, layer.down, precision);
    }
    const Tensor gate = activated(linear(input, layer.gate, precision), mlp.activation);  // (B, T, I)
    const Tensor up = linear(input, layer.up, precision);                                 // (B, T, I)
    return linear(gate * up, layer.down, precision);
}

}  // namespace preflab
