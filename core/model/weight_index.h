// SPDX-License-Identifier: GPL-3.0-or-later
// model.safetensors.index.json: which shard holds which tensor, and that no shard lies outside the model.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// A checked index.
struct WeightIndex {
    std::map<std::string, std::string> fileOfTensor;  ///< tensor name to file name
    std::vector<std::filesystem::path> shards;        ///< every file once, in name order
    std::optional<std::uint64_t> totalBytes;          ///< `metadata.total_size`
};

/// Reads an index of at most 64 MiB. File names are names only, and a shard that is a symbolic link must stay inside
/// the model folder or, in a Hugging Face cache, inside that model's part of it. WeightsInvalid or ConfigInvalid.
Result<WeightIndex> readWeightIndex(const std::filesystem::path& indexFile);

}  // namespace preflab
