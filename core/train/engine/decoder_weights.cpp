// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of a decoder: read from a model folder and put in their places.
#include "core/train/engine/decoder_weights.h"

#include "core/base/excerpt.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/file_tensor.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>

#include <cstddef>
#include <optional>
#include <span>

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

/// Takes the tensors of the files as they come and makes weights of them. One file tensor is in memory at a time.
class WeightReader {
public:
    WeightReader(const ModelFolder& model, const Placement& placement, bool isTrainable)
        : m_model(model), m_type(masterType(placement.precision)), m_device(deviceOf(placement)),
          m_isTrainable(isTrainable)
    {
    }

    /// Returns the content hash of the model.
    Result<std::string> read()
    {
        TRY(const auto fileTensors, fileTensorsOf(m_model.weights));
        for (const FileTensor& tensor : fileTensors) m_wanted.emplace(tensor.name, tensor);
        TRY(const auto hashes, m_model.tensors.readAll([this](const TensorEntry& entry) { return place(entry); },
                                                       [this](const TensorEntry& entry) { return take(entry); }));
        for (const WeightSpec& spec : m_model.weights) {
            if (!m_weights.contains(spec.name)) return mismatch(spec.fileName(), "nothing", "a tensor of that name");
        }
        return m_model.contentHashOf(hashes);
    }

    std::map<std::string, Tensor> weights() { return std::move(m_weights); }

private:
    tl::unexpected<Error> mismatch(const std::string& tensor, const std::string& found,
                                   const std::string& expected) const
    {
        return fail(
            ErrorCode::WeightsMismatch,
            {{"path", m_model.path.string()}, {"tensor", excerptOf(tensor)}, {"found", found}, {"expected", expected}});
    }

    Result<std::span<std::byte>> place(const TensorEntry& entry)
    {
        if (!m_wanted.contains(entry.name)) return std::span<std::byte>();
        const auto type = weightType(entry.type);
        if (!type) return mismatch(entry.name, std::string(tensorTypeName(entry.type)), "F32, BF16, F16 or F64");
        m_stored = at::empty(entry.shape, *type);
        return std::span(static_cast<std::byte*>(m_stored.mutable_data_ptr()), entry.bytes);
    }

    Result<> take(const TensorEntry& entry)
    {
        const auto wanted = m_wanted.find(entry.name);
        if (wanted == m_wanted.end()) return {};
        for (const WeightSpec& spec : wanted->second.parts) {
            Tensor weight = weightIn(m_stored, spec.source).to(m_device, m_type);
            if (!at::isfinite(weight).all().item<bool>())
                return fail(ErrorCode::WeightsInvalid, {{"path", m_model.path.string()},
                                                        {"where", excerptOf(entry.name)},
                                                        {"reason", "it holds values that are not finite numbers"}});
            m_weights.emplace(spec.name, weight.requires_grad_(m_isTrainable));
        }
        m_stored.reset();
        return {};
    }

    const ModelFolder& m_model;
    at::ScalarType m_type;
    at::Device m_device;
    bool m_isTrainable;
    std::map<std::string, FileTensor> m_wanted;
    std::map<std::string, Tensor> m_weights;
    Tensor m_stored;
};

template <class Pair>
Tensor& partOf(Pair& pair, WeightPart part)
{
    return part == WeightPart::Weight ? pair.weight : pair.bias;
}

/// Where a weight belongs.
Tensor& placeOf(DecoderWeights& weights, const WeightSpec& spec)
{
    const auto layer = [&]() -> DecoderWeights::Layer& {
        return weights.layers.at(static_cast<std::size_t>(spec.layer));
    };
    switch (spec.role) {
    case WeightRole::Embedding:
        return weights.embedding;
    case WeightRole::Positions:
        return weights.positions;
    case WeightRole::EmbeddingNorm:
        return partOf(weights.embeddingNorm, spec.part);
    case WeightRole::AttentionNorm:
        return partOf(layer().attentionNorm, spec.part);
    case WeightRole::Query:
        return partOf(layer().query, spec.part);
    case WeightRole::Key:
        return partOf(layer().key, spec.part);
    case WeightRole::Value:
        return partOf(layer().value, spec.part);
    case WeightRole::QueryNorm:
        return partOf(layer().queryNorm, spec.part);
    case WeightRole::KeyNorm:
        return partOf(layer().keyNorm, spec.part);
    case WeightRole::AttentionOutput:
        return partOf(layer().attentionOutput, spec.part);
    case WeightRole::AttentionOutputNorm:
        return partOf(layer().attentionOutputNorm, spec.part);
    case WeightRole::MlpNorm:
        return partOf(layer().mlpNorm, spec.part);
    case WeightRole::Gate:
        return partOf(layer().gate, spec.part);
    case WeightRole::Up:
        return partOf(layer().up, spec.part);
    case WeightRole::Down:
        return partOf(layer().down, spec.part);
    case WeightRole::MlpOutputNorm:
        return partOf(layer().mlpOutputNorm, spec.part);
    case WeightRole::FinalNorm:
        return partOf(weights.finalNorm, spec.part);
    case WeightRole::Head:
        return partOf(weights.head, spec.part);
    }
    return weights.embedding;  // not reached: every role is named above
}

}  // namespace

at::ScalarType masterType(Precision precision)
{
    return precision == Precision::Float64 ? at::kDouble : at::kFloat;
}

at::Device deviceOf(const Placement& placement)
{
    switch (placement.device) {
    case Device::Processor:
        break;
    }
    return at::kCPU;
}

DecoderWeights DecoderWeights::fromTensors(DecoderDescription decoder, std::vector<WeightSpec> specs,
                                           const Placement& placement, std::map<std::string, Tensor> tensors)
{
    DecoderWeights weights;
    weights.decoder = std::move(decoder);
    weights.placement = placement;
    weights.tensors = std::move(tensors);
    weights.specs = std::move(specs);
    weights.layers.resize(weights.decoder.layers.size());
    for (const WeightSpec& spec : weights.specs) placeOf(weights, spec) = weights.tensors.at(spec.name);
    if (weights.decoder.isHeadTied) weights.head.weight = weights.embedding;
    return weights;
}

Result<DecoderWeights> DecoderWeights::load(const ModelFolder& model, const Placement& placement, bool isTrainable)
{
    return guarded([&]() -> Result<DecoderWeights> {
        WeightReader reader(model, placement, isTrainable);
        TRY(std::string hash, reader.read());
        DecoderWeights weights = fromTensors(model.decoder, model.weights, placement, reader.weights());
        weights.sourceHash = std::move(hash);
        return weights;
    });
}

std::vector<std::pair<std::string, Tensor>> DecoderWeights::parameters() const
{
    std::vector<std::pair<std::string, Tensor>> trainable;
    for (const auto& [name, tensor] : tensors)
        if (tensor.requires_grad()) trainable.emplace_back(name, tensor);
    return trainable;
}

}  // namespace preflab
