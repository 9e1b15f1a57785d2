// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints are Hugging Face folders that any program loads, plus a manifest with the hash of every file.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/text/tokenizer.h"
#include "core/train/engine/decoder_weights.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace preflab {

/// The manifest in a checkpoint's folder.
constexpr const char* kManifestName = "preflab.json";

/// What preflab.json says about a checkpoint.
struct CheckpointManifest {
    std::int64_t step = 0;
    std::string method;                        ///< "dpo"
    std::string dtype;                         ///< of the stored weights: "float32", "bfloat16", "float64"
    std::map<std::string, std::string> files;  ///< name -> XXH3-128
};

/// What a checkpoint takes from the model it began with besides weights. Read when a run starts: its model's folder
/// may be moved or unmounted before the run is over.
struct CheckpointSource {
    Json config;                               ///< config.json
    std::map<std::string, std::string> files;  ///< tokenizer and generation settings: name -> content

    /// FileNotFound, FileUnreadable.
    static Result<CheckpointSource> read(const ModelFolder& model, const Tokenizer& tokenizer);
};

/// Writes weights, config and tokenizer of `source` to `target`: a temporary folder, synced, then renamed.
/// `dtype` is F32, BF16 or F64. DiskFull before anything is written, WriteFailed; `target` stays as it was.
Result<> writeCheckpoint(const DecoderWeights& weights, const CheckpointSource& source,
                         const std::filesystem::path& target, std::int64_t step, const std::string& method,
                         TensorType dtype = TensorType::F32);

/// Reads preflab.json and checks the hash of every file it names: FileNotFound, ConfigInvalid, or WeightsInvalid
/// for a file that was changed or cut off.
Result<CheckpointManifest> verifyCheckpoint(const std::filesystem::path& folder);

}  // namespace preflab
