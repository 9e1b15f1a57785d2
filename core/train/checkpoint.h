// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints are Hugging Face folders that any program loads, plus a manifest with the hash of every file.
#pragma once

#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/train/decoder_forward.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace preflab {

/// What preflab.json says about a checkpoint.
struct CheckpointManifest {
    std::int64_t step = 0;
    std::string method;                        ///< "dpo"
    std::string dtype;                         ///< of the stored weights: "float32", "bfloat16", "float64"
    std::map<std::string, std::string> files;  ///< name -> XXH3-128
};

/// Writes weights, config and tokenizer of `source`'s kind to `target`: a temporary folder, synced, then renamed.
/// `dtype` is F32, BF16 or F64. DiskFull before anything is written, WriteFailed; `target` stays as it was.
Result<> writeCheckpoint(const DecoderWeights& weights, const ModelFolder& source,
                         const std::filesystem::path& target, std::int64_t step, const std::string& method,
                         TensorType dtype = TensorType::F32);

/// Reads preflab.json and checks the hash of every file it names: FileNotFound, ConfigInvalid, or WeightsInvalid
/// for a file that was changed or cut off.
Result<CheckpointManifest> verifyCheckpoint(const std::filesystem::path& folder);

}  // namespace preflab
