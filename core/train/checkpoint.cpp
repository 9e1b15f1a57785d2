// SPDX-License-Identifier: GPL-3.0-or-later
// Writing and verifying checkpoint folders.
#include "core/train/checkpoint.h"

#include "core/base/atomic_file.h"
#include "core/base/file_reader.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/model/safetensors.h"
#include "core/model/safetensors_writer.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/file_tensor.h"
#include "core/train/engine/numbers.h"

#include <ATen/ops/empty.h>

#include <cstddef>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace preflab {

namespace {

constexpr const char* kConfigName = "config.json";
constexpr const char* kWeightsName = "model.safetensors";
constexpr std::int64_t kManifestVersion = 1;
constexpr std::uint64_t kLargestManifest = 1 << 20;
constexpr std::uint64_t kLargestSideFile = std::uint64_t{64} << 20;

/// How a stored dtype is called in config.json and in torch.
struct StoredType {
    std::string id;
    at::ScalarType type = at::kFloat;
};

Result<StoredType> storedType(TensorType type)
{
    switch (type) {
    case TensorType::F32:
        return StoredType{"float32", at::kFloat};
    case TensorType::BF16:
        return StoredType{"bfloat16", at::kBFloat16};
    case TensorType::F64:
        return StoredType{"float64", at::kDouble};
    default:
        return fail(ErrorCode::Internal,
                    {{"reason", "a checkpoint cannot be stored as " + std::string(tensorTypeName(type))}});
    }
}

/// The tensor of a file, put together from the weights that lie in it.
Tensor assembled(const FileTensor& file, const DecoderWeights& weights, at::ScalarType type)
{
    if (file.isPlain()) return weights.tensors.at(file.parts.front().name).detach().to(type).contiguous();
    Tensor whole = at::empty(file.shape, type);
    for (const WeightSpec& part : file.parts) storeWeight(whole, part.source, weights.tensors.at(part.name).detach());
    return whole;
}

/// Every tensor of the source's files, under its name there. `weights` outlives the list.
Result<std::vector<TensorToWrite>> tensorsToWrite(const DecoderWeights& weights, TensorType type,
                                                  at::ScalarType scalarType)
{
    TRY(const auto files, fileTensorsOf(weights.specs));
    std::vector<TensorToWrite> list;
    for (const FileTensor& file : files) {
        list.push_back({file.name, type, file.shape, [&weights, file, scalarType](std::span<std::byte> into) {
                            return guarded([&]() -> Result<> {
                                copyBytes(assembled(file, weights, scalarType), into);
                                return {};
                            });
                        }});
    }
    return list;
}

std::uint64_t bytesOf(const std::vector<TensorToWrite>& tensors)
{
    std::uint64_t bytes = 0;
    for (const TensorToWrite& tensor : tensors) {
        std::uint64_t count = 1;
        for (const std::int64_t size : tensor.shape) count *= static_cast<std::uint64_t>(size);
        bytes += count * elementSize(tensor.type);
    }
    return bytes;
}

/// Of the files beside the weights.
std::uint64_t bytesOf(const CheckpointSource& source)
{
    std::uint64_t bytes = source.config.dump(2).size();
    for (const auto& [name, content] : source.files) bytes += content.size();
    return bytes;
}

/// config.json as in the source, with the dtype of the stored weights under the keys that the source uses.
std::string configText(Json config, const std::string& dtype)
{
    if (config.contains("dtype")) config["dtype"] = dtype;
    if (config.contains("torch_dtype") || !config.contains("dtype")) config["torch_dtype"] = dtype;
    return config.dump(2) + "\n";
}

/// Files beside the weights that make the folder loadable: tokenizer and generation settings.
std::vector<std::filesystem::path> sideFiles(const ModelFolder& source, const Tokenizer& tokenizer)
{
    std::vector<std::filesystem::path> files = tokenizer.files();
    if (const auto generation = source.generationConfig()) files.push_back(*generation);
    return files;
}

Result<> writeManifest(const std::filesystem::path& folder, const CheckpointManifest& manifest)
{
    Json files = Json::object();
    for (const auto& [name, hash] : manifest.files) files[name] = hash;
    const Json json = {{"format", "preflab-checkpoint"}, {"version", kManifestVersion}, {"step", manifest.step},
                       {"method", manifest.method},      {"dtype", manifest.dtype},     {"files", files}};
    return writeFileAtomically(folder / kManifestName, json.dump(2) + "\n");
}

/// A plain file name: the manifest must not lead out of its folder.
bool isPlainName(const std::string& name)
{
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
           name.find('\0') == std::string::npos;
}

}  // namespace

Result<CheckpointSource> CheckpointSource::read(const ModelFolder& model, const Tokenizer& tokenizer)
{
    CheckpointSource source{model.config, {}};
    for (const std::filesystem::path& file : sideFiles(model, tokenizer)) {
        const std::string name = file.filename().string();
        if (name == kConfigName || name == kWeightsName) continue;
        TRY(source.files[name], readTextFile(file, kLargestSideFile));
    }
    return source;
}

Result<> writeCheckpoint(const DecoderWeights& weights, const CheckpointSource& source,
                         const std::filesystem::path& target, std::int64_t step, const std::string& method,
                         TensorType dtype)
{
    TRY(const StoredType stored, storedType(dtype));
    TRY(std::vector<TensorToWrite> tensors, tensorsToWrite(weights, dtype, stored.type));
    TRY_VOID(checkFreeSpace(target.parent_path(), bytesOf(tensors) + bytesOf(source)));
    TRY(StagedFolder staged, StagedFolder::create(target));
    TRY_VOID(writeFileAtomically(staged.path() / kConfigName, configText(source.config, stored.id)));
    TRY_VOID(writeSafetensors(staged.path() / kWeightsName, std::move(tensors), {{"format", "pt"}}));
    std::set<std::string> names = {kConfigName, kWeightsName};
    for (const auto& [name, content] : source.files) {
        TRY_VOID(writeFileAtomically(staged.path() / name, content));
        names.insert(name);
    }
    CheckpointManifest manifest{step, method, stored.id, {}};
    for (const std::string& name : names) {
        TRY(manifest.files[name], hashFile(staged.path() / name));
    }
    TRY_VOID(writeManifest(staged.path(), manifest));
    return staged.commit();
}

Result<CheckpointManifest> verifyCheckpoint(const std::filesystem::path& folder)
{
    const std::filesystem::path path = folder / kManifestName;
    TRY(const Json json, readJsonFile(path, kLargestManifest));
    const JsonObject object(json, path);
    CheckpointManifest manifest;
    TRY(manifest.step, object.integer("step"));
    TRY(manifest.method, object.string("method"));
    TRY(manifest.dtype, object.string("dtype"));
    if (!json.contains("files") || !json["files"].is_object())
        return fail(ErrorCode::ConfigInvalid,
                    {{"path", path.string()}, {"key", "files"}, {"reason", "it must be an object"}});
    const JsonObject files(json["files"], path);
    for (const auto& item : json["files"].items()) {
        const std::string& name = item.key();
        TRY(const std::string expected, files.string(name));
        if (!isPlainName(name))
            return fail(
                ErrorCode::ConfigInvalid,
                {{"path", path.string()}, {"key", name}, {"reason", "it is not the name of a file in this folder"}});
        TRY(const std::string found, hashFile(folder / name));
        if (found != expected)
            return fail(ErrorCode::WeightsInvalid, {{"path", folder.string()},
                                                    {"where", name},
                                                    {"reason", "its content is not what the checkpoint recorded"}});
        manifest.files.emplace(name, expected);
    }
    return manifest;
}

}  // namespace preflab
