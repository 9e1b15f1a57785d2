// SPDX-License-Identifier: GPL-3.0-or-later
// Config and weights, checked one by one and against each other.
#include "core/model/model_folder.h"

#include "core/base/hash.h"

#include <algorithm>
#include <set>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{1} << 20;
constexpr const char* kConfigFile = "config.json";

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + ")";
}

tl::unexpected<Error> mismatch(const ModelFolder& model, const std::string& tensor, const std::string& found,
                               const std::string& expected)
{
    return fail(ErrorCode::WeightsMismatch,
                {{"path", model.path.string()}, {"tensor", tensor}, {"found", found}, {"expected", expected}});
}

bool isFloating(TensorType type)
{
    return type == TensorType::F16 || type == TensorType::BF16 || type == TensorType::F32 || type == TensorType::F64;
}

/// Tensors that real files carry although nothing reads them.
bool isIdle(const ModelFolder& model, const std::string& name)
{
    if (name == "lm_head.weight" && model.decoder.isHeadTied) return true;
    return name.ends_with(".rotary_emb.inv_freq");  // a buffer that old versions saved
}

/// Every weight is there with its shape, and there is none that the config says nothing about: a bias or a norm
/// that is left out would make another model.
Result<> checkWeights(const ModelFolder& model)
{
    std::set<std::string_view> names;
    for (const WeightSpec& weight : model.weights) {
        names.insert(weight.name);
        const TensorEntry* entry = model.tensors.find(weight.name);
        const std::string expected = shapeText(weight.shape);
        if (entry == nullptr) return mismatch(model, weight.name, "no such tensor", expected);
        if (entry->shape != weight.shape) return mismatch(model, weight.name, shapeText(entry->shape), expected);
        if (!isFloating(entry->type)) {
            return mismatch(model, weight.name, std::string(tensorTypeName(entry->type)), "F32, BF16, F16 or F64");
        }
    }
    for (const TensorEntry& entry : model.tensors.tensors()) {
        if (names.contains(entry.name) || isIdle(model, entry.name)) continue;
        return mismatch(model, entry.name, shapeText(entry.shape), "no such tensor");
    }
    return {};
}

Result<> readConfig(ModelFolder& model)
{
    const auto file = model.path / kConfigFile;
    std::error_code ignored;
    if (!std::filesystem::exists(model.path, ignored)) {
        return fail(ErrorCode::FileNotFound, {{"path", model.path.string()}});
    }
    if (!std::filesystem::exists(file, ignored)) {
        return fail(ErrorCode::NoModelConfig, {{"path", model.path.string()}});
    }
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
    const JsonObject config(model.config, path / kConfigFile);
    TRY(model.architecture, architectureOf(config));
    TRY(model.decoder, model.architecture->describe(config));
    model.weights = model.architecture->weights(model.decoder);
    TRY(model.tensors, SafetensorsSet::openFolder(path));
    TRY_VOID(checkWeights(model));
    return model;
}

Result<std::string> ModelFolder::contentHash() const
{
    ContentHash hash;
    TRY(const auto configHash, hashFile(path / kConfigFile));
    hash.add(configHash);
    for (const auto& file : tensors.files()) {
        TRY(const auto fileHash, hashFile(file));
        hash.add(fileHash);
    }
    return hash.hex();
}

}  // namespace preflab
