// SPDX-License-Identifier: GPL-3.0-or-later
// An index is data from outside: its file names must not lead anywhere else.
#include "core/model/weight_index.h"

#include "core/base/excerpt.h"
#include "core/base/json.h"
#include "core/base/plain_name.h"
#include "core/model/model_place.h"

#include <set>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{64} << 20;
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxShards = 1000;
constexpr std::size_t kMaxFileName = 255;

tl::unexpected<Error> invalid(const std::filesystem::path& path, const std::string& where, const std::string& reason)
{
    return fail(ErrorCode::WeightsInvalid, {{"path", path.string()}, {"where", where}, {"reason", reason}});
}

/// [A-Za-z0-9][A-Za-z0-9._-]{0,254} and ends in .safetensors
bool isShardName(std::string_view name)
{
    return isPlainName(name, kMaxFileName) && name.ends_with(".safetensors");
}

}  // namespace

Result<WeightIndex> readWeightIndex(const std::filesystem::path& indexFile)
{
    TRY_VOID(checkIsInside(indexFile));
    TRY(const Json json, readJsonFile(indexFile, kMaxIndexBytes, kMaxDepth));
    const auto map = json.is_object() ? json.find("weight_map") : json.end();
    if (map == json.end() || !map->is_object() || map->empty()) {
        return invalid(indexFile, "weight_map", "it must be an object that names a file for each tensor");
    }
    WeightIndex index;
    std::set<std::string> names;
    for (const auto& item : map->items()) {
        const std::string* name = item.value().get_ptr<const Json::string_t*>();
        if (name == nullptr || !isShardName(*name)) {
            return invalid(indexFile, "tensor " + excerptOf(item.key()),
                           "its file must be a plain name ending in .safetensors");
        }
        names.insert(*name);
        index.fileOfTensor.emplace(item.key(), *name);
    }
    if (names.size() > kMaxShards) return invalid(indexFile, "weight_map", "it names more than 1000 files");
    for (const std::string& name : names) {
        index.shards.push_back(indexFile.parent_path() / name);
        TRY_VOID(checkIsInside(index.shards.back()));
    }
    if (const auto metadata = json.find("metadata"); metadata != json.end() && metadata->is_object()) {
        const JsonObject object(*metadata, indexFile);
        if (const auto total = object.integer("total_size")) index.totalBytes = static_cast<std::uint64_t>(*total);
    }
    return index;
}

}  // namespace preflab
