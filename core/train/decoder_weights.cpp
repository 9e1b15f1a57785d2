// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of a decoder: read from a model folder, put in their places, copied.
#include "core/train/backend/torch_border.h"
#include "core/train/decoder_forward.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>

#include <cstddef>
#include <span>
#include <utility>

namespace preflab {

namespace {

/// The dtype of a stored tensor, or nothing for a kind that cannot hold weights.
std::optional<at::ScalarType> weightType(TensorType type)
{
    switch (type) {
    case TensorType::F16:
        return at::kHalf;
    case TensorType::BF16:
        return at::kBFloat16;
    case TensorType::F32:
        return at::kFloat;
    case TensorType::F64:
        return at::kDouble;
    default:
        return std::nullopt;
    }
}

Result<Tensor> readWeight(const ModelFolder& model, const WeightSpec& spec, Precision precision)
{
    const TensorEntry* const entry = model.tensors.find(spec.name);
    if (entry == nullptr)
        return fail(ErrorCode::WeightsMismatch, {{"path", model.path.string()},
                                                 {"tensor", spec.name},
                                                 {"found", "nothing"},
                                                 {"expected", "a tensor of that name"}});
    const auto type = weightType(entry->type);
    if (!type)
        return fail(ErrorCode::WeightsMismatch, {{"path", model.path.string()},
                                                 {"tensor", spec.name},
                                                 {"found", std::string(tensorTypeName(entry->type))},
                                                 {"expected", "F32, BF16, F16 or F64"}});
    Tensor stored = at::empty(entry->shape, *type);
    auto* const bytes = static_cast<std::byte*>(stored.mutable_data_ptr());
    TRY_VOID(model.tensors.read(*entry, std::span(bytes, entry->bytes)));
    if (!at::isfinite(stored).all().item<bool>())
        return fail(ErrorCode::WeightsInvalid, {{"path", model.path.string()},
                                                {"where", spec.name},
                                                {"reason", "it holds values that are not finite numbers"}});
    return stored.to(masterType(precision));
}

/// Where a weight belongs in its layer; nullptr for roles outside the layers.
Tensor* placeIn(DecoderWeights::Layer& layer, WeightRole role)
{
    switch (role) {
    case WeightRole::AttentionNorm:
        return &layer.attentionNorm;
    case WeightRole::Query:
        return &layer.query;
    case WeightRole::Key:
        return &layer.key;
    case WeightRole::Value:
        return &layer.value;
    case WeightRole::AttentionOutput:
        return &layer.attentionOutput;
    case WeightRole::MlpNorm:
        return &layer.mlpNorm;
    case WeightRole::Gate:
        return &layer.gate;
    case WeightRole::Up:
        return &layer.up;
    case WeightRole::Down:
        return &layer.down;
    case WeightRole::QueryBias:
        return &layer.queryBias;
    case WeightRole::KeyBias:
        return &layer.keyBias;
    case WeightRole::ValueBias:
        return &layer.valueBias;
    case WeightRole::AttentionOutputBias:
        return &layer.attentionOutputBias;
    case WeightRole::GateBias:
        return &layer.gateBias;
    case WeightRole::UpBias:
        return &layer.upBias;
    case WeightRole::DownBias:
        return &layer.downBias;
    case WeightRole::Embedding:
    case WeightRole::FinalNorm:
    case WeightRole::Head:
        return nullptr;
    }
    return nullptr;
}

Tensor* placeIn(DecoderWeights& weights, const WeightSpec& spec)
{
    switch (spec.role) {
    case WeightRole::Embedding:
        return &weights.embedding;
    case WeightRole::FinalNorm:
        return &weights.finalNorm;
    case WeightRole::Head:
        return &weights.head;
    default:
        return placeIn(weights.layers.at(static_cast<std::size_t>(spec.layer)), spec.role);
    }
}

}  // namespace

at::ScalarType masterType(Precision precision)
{
    return precision == Precision::Float64 ? at::kDouble : at::kFloat;
}

DecoderWeights DecoderWeights::fromTensors(DecoderDescription decoder, std::vector<WeightSpec> specs,
                                           Precision precision, std::map<std::string, Tensor> tensors)
{
    DecoderWeights weights;
    weights.decoder = std::move(decoder);
    weights.precision = precision;
    weights.tensors = std::move(tensors);
    weights.specs = std::move(specs);
    weights.layers.resize(weights.decoder.layers.size());
    for (const WeightSpec& spec : weights.specs) *placeIn(weights, spec) = weights.tensors.at(spec.name);
    if (weights.decoder.isHeadTied) weights.head = weights.embedding;
    return weights;
}

Result<DecoderWeights> DecoderWeights::load(const ModelFolder& model, Precision precision, bool isTrainable)
{
    return guarded([&]() -> Result<DecoderWeights> {
        std::map<std::string, Tensor> loaded;
        for (const WeightSpec& spec : model.weights) {
            TRY(Tensor weight, readWeight(model, spec, precision));
            weight.requires_grad_(isTrainable);
            loaded.emplace(spec.name, std::move(weight));
        }
        TRY_VOID(model.tensors.checkUnchanged());
        return fromTensors(model.decoder, model.weights, precision, std::move(loaded));
    });
}

DecoderWeights DecoderWeights::frozenCopy() const
{
    std::map<std::string, Tensor> copies;
    for (const auto& [name, tensor] : tensors) copies.emplace(name, tensor.detach().clone());
    return fromTensors(decoder, specs, precision, std::move(copies));
}

std::vector<std::pair<std::string, Tensor>> DecoderWeights::parameters() const
{
    std::vector<std::pair<std::string, Tensor>> trainable;
    for (const auto& [name, tensor] : tensors)
        if (tensor.requires_grad()) trainable.emplace_back(name, tensor);
    return trainable;
}

}  // namespace preflab
