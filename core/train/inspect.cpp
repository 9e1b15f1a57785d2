// SPDX-License-Identifier: GPL-3.0-or-later
// Model reports.
#include "core/train/inspect.h"

#include "core/model/model_place.h"
#include "core/text/chat_template.h"
#include "core/train/checkpoint.h"

#include <functional>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

namespace preflab {

namespace {

/// "BF16, F32": every dtype among the tensors.
std::string dtypesOf(const SafetensorsSet& tensors)
{
    std::set<std::string> names;
    for (const TensorEntry& entry : tensors.tensors()) names.emplace(tensorTypeName(entry.type));
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// "512 × 64"; a scalar is "1".
std::string shapeText(const std::vector<std::int64_t>& shape)
{
    if (shape.empty()) return "1";
    std::string text;
    for (const std::int64_t size : shape) text += (text.empty() ? "" : " × ") + std::to_string(size);
    return text;
}

/// Numbers in a tensor of that shape; a scalar is one.
std::int64_t elementsOf(const std::vector<std::int64_t>& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// A checkpoint's manifest knows its files: says so if they are not what was saved.
std::optional<std::string> checkpointNote(const std::filesystem::path& folder)
{
    std::error_code ignored;
    if (!std::filesystem::exists(folder / kManifestName, ignored)) return std::nullopt;
    const auto manifest = verifyCheckpoint(folder);
    if (manifest) return std::nullopt;
    return "This is no longer the checkpoint that was saved. " + sentence(manifest.error());
}

}  // namespace

Result<ModelReport> reportOf(const ModelFolder& model, const TextModel& text)
{
    ModelReport report;
    report.path = model.path;
    report.architecture = model.architecture->title;
    report.parameters = parameterCount(model.weights);
    report.weightBytes = model.tensors.totalBytes();
    report.dtype = dtypesOf(model.tensors);
    const DecoderDescription& decoder = model.decoder;
    report.layers = static_cast<std::int64_t>(decoder.layers.size());
    report.hiddenSize = decoder.hiddenSize;
    if (!decoder.layers.empty()) {
        const LayerDescription& layer = decoder.layers.front();
        report.heads = layer.attention.heads;
        report.keyValueHeads = layer.attention.keyValueHeads;
        report.intermediateSize = layer.mlp.innerSize;
    }
    report.vocabularySize = decoder.vocabularySize;
    report.maxPositions = decoder.maxPositions;
    report.isHeadTied = decoder.isHeadTied;
    report.tokenizer = text.tokenizer->description();
    report.hasChatTemplate = hasChatTemplate(model.path);
    report.name = modelName(model.path);
    report.notes = model.notes;
    TRY(report.contentHash, model.contentHash());
    if (auto note = checkpointNote(model.path)) report.notes.push_back(*std::move(note));
    for (const TensorEntry& entry : model.tensors.tensors())
        report.tensors.push_back({entry.name, std::string(tensorTypeName(entry.type)), shapeText(entry.shape),
                                  entry.bytes, elementsOf(entry.shape)});
    return report;
}

Result<ModelReport> inspectModelFolder(const std::filesystem::path& path)
{
    TRY(const ModelFolder model, ModelFolder::open(path));
    TRY(const TextModel text, TextModel::open(model));
    return reportOf(model, text);
}

}  // namespace preflab
