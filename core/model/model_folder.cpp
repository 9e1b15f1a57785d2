// SPDX-License-Identifier: GPL-3.0-or-later
// Config and weights, checked one by one and against each other.
#include "core/model/model_folder.h"

#include "core/base/excerpt.h"
#include "core/base/file_error.h"
#include "core/base/hash.h"
#include "core/model/model_place.h"
#include "core/model/tied_head.h"

#include <algorithm>
#include <set>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{1} << 20;
constexpr const char* kConfigFile = "config.json";
constexpr const char* kGenerationFile = "generation_config.json";

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + ")";
}

tl::unexpected<Error> mismatch(const ModelFolder& model, const std::string& tensor, const std::string& found,
                               const std::string& expected)
{
    return fail(
        ErrorCode::WeightsMismatch,
        {{"path", model.path.string()}, {"tensor", excerptOf(tensor)}, {"found", found}, {"expected", expected}});
}

bool isFloating(TensorType type)
{
    return type == TensorType::F16 || type == TensorType::BF16 || type == TensorType::F32 || type == TensorType::F64;
}

/// Tensors that real files carry although nothing reads them.
bool isIdle(const ModelFolder& model, const std::string& name)
{
    if (name == kHeadTensor && model.decoder.isHeadTied) return true;
    return name.ends_with(".rotary_emb.inv_freq");  // a buffer that old versions saved
}

/// Every weight is there with its shape, and there is none that the config says nothing about: a bias or a norm
/// that is left out would make another model.
Result<> checkWeights(const ModelFolder& model)
{
    TRY(const auto needed, fileTensorsOf(model.weights));
    std::set<std::string_view> names;
    for (const FileTensor& tensor : needed) {
        names.insert(tensor.name);
        const TensorEntry* entry = model.tensors.find(tensor.name);
        const std::string expected = shapeText(tensor.shape);
        if (entry == nullptr) return mismatch(model, tensor.name, "no such tensor", expected);
        if (entry->shape != tensor.shape) return mismatch(model, tensor.name, shapeText(entry->shape), expected);
        if (!isFloating(entry->type)) {
            return mismatch(model, tensor.name, std::string(tensorTypeName(entry->type)), "F32, BF16, F16 or F64");
        }
    }
    for (const TensorEntry& entry : model.tensors.tensors()) {
        if (names.contains(entry.name) || isIdle(model, entry.name)) continue;
        return mismatch(model, entry.name, shapeText(entry.shape), "no such tensor");
    }
    return {};
}

/// Files saved without the head name their tensors without the family's prefix: the weights are then looked for, and
/// saved, under the names that the files use.
void followNames(ModelFolder& model)
{
    const std::string& prefix = model.architecture->basePrefix;
    const auto& tensors = model.tensors.tensors();
    const bool hasPrefix = std::any_of(tensors.begin(), tensors.end(),
                                       [&prefix](const TensorEntry& entry) { return entry.name.starts_with(prefix); });
    if (hasPrefix) return;
    for (WeightSpec& weight : model.weights) {
        if (weight.fileName().starts_with(prefix)) weight.source.fileName = weight.fileName().substr(prefix.size());
    }
}

/// The weights that the config asks for and, where the config ties the head although the files hold another one, that
/// head: it was trained, so it is used.
Result<> findWeights(ModelFolder& model)
{
    model.weights = model.architecture->weights(model.decoder);
    followNames(model);
    if (!model.decoder.isHeadTied) return {};
    TRY(const bool hasOwnHead, holdsOwnHead(model.tensors, model.weights));
    if (!hasOwnHead) return {};
    model.decoder.isHeadTied = false;
    model.config[kTiedKey] = false;
    model.weights = model.architecture->weights(model.decoder);
    followNames(model);
    model.notes.push_back("config.json says that the output is tied to the embedding, but the weights hold another " +
                          std::string(kHeadTensor) + ", which is used.");
    return {};
}

Result<> readConfig(ModelFolder& model)
{
    const auto file = model.path / kConfigFile;
    std::error_code failure;
    if (!std::filesystem::exists(model.path, failure)) {
        if (failure) return tl::unexpected(readError(model.path, failure.value()));
        return fail(ErrorCode::FileNotFound, {{"path", model.path.string()}});
    }
    if (!std::filesystem::exists(file, failure)) {
        if (failure) return tl::unexpected(readError(model.path, failure.value()));
        if (auto fault = cacheFault(model.path)) return tl::unexpected(*std::move(fault));
        return fail(ErrorCode::NoModelConfig, {{"path", model.path.string()}});
    }
    TRY_VOID(checkIsInside(file));
    TRY(model.config, readJsonFile(file, kMaxConfigBytes));
    if (!model.config.is_object()) {
        return fail(ErrorCode::ConfigInvalid,
                    {{"path", file.string()}, {"key", "its beginning"}, {"reason", "must be an object"}});
    }
    return {};
}

}  // namespace

Result<ModelFolder> ModelFolder::open(const std::filesystem::path& path)
{
    ModelFolder model;
    model.path = path;
    TRY_VOID(readConfig(model));
    TRY(model.architecture, architectureOf(JsonObject(model.config, path / kConfigFile)));
    TRY(model.decoder, describeDecoder(*model.architecture, model.config, path / kConfigFile));
    TRY(model.tensors, SafetensorsSet::openFolder(path));
    model.notes = model.tensors.warnings();
    TRY_VOID(findWeights(model));
    TRY_VOID(checkWeights(model));
    if (leadsOutside(path / kGenerationFile)) {
        model.notes.push_back((path / kGenerationFile).string() +
                              " is a link that leads outside the model folder; it is neither read nor copied.");
    }
    return model;
}

Result<std::string> ModelFolder::contentHashOf(const std::vector<std::string>& weightHashes) const
{
    ContentHash hash;
    TRY(const auto configHash, hashFile(path / kConfigFile));
    hash.add(configHash);
    for (const std::string& weightHash : weightHashes) hash.add(weightHash);
    return hash.hex();
}

Result<std::string> ModelFolder::contentHash() const
{
    std::vector<std::string> hashes;
    for (const auto& file : tensors.files()) {
        TRY(hashes.emplace_back(), hashFile(file));
    }
    return contentHashOf(hashes);
}

std::optional<std::filesystem::path> ModelFolder::generationConfig() const
{
    std::error_code ignored;
    const auto file = path / kGenerationFile;
    if (!std::filesystem::is_regular_file(file, ignored) || leadsOutside(file)) return std::nullopt;
    return file;
}

}  // namespace preflab
