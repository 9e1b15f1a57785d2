// SPDX-License-Identifier: GPL-3.0-or-later
// A Hugging Face model folder, opened and checked without loading its weights.
#pragma once

#include "core/base/result.h"
#include "core/model/architecture.h"
#include "core/model/decoder.h"
#include "core/model/safetensors.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Everything about a model that is known before its tensors are read.
struct ModelFolder {
    std::filesystem::path path;
    Json config;  ///< config.json as parsed, corrected where the weights say otherwise
    const ArchitectureInfo* architecture = nullptr;
    DecoderDescription decoder;
    std::vector<WeightSpec> weights;  ///< what the decoder needs; every one is in `tensors` with its shape
    SafetensorsSet tensors;
    /// What is odd about the files but does not stand in the way, as sentences.
    std::vector<std::string> notes;

    /// Opens config and weights' directory and checks them against each other. Files that are links out of the folder
    /// are refused or, where nobody needs them, left alone with a note. Errors: FileNotFound, NoModelConfig,
    /// ConfigInvalid, ConfigUnsupported, UnknownArchitecture, NoWeights, PickleWeights, WeightsInvalid,
    /// WeightsMismatch, NotTheContent. The tokenizer is TextModel's.
    static Result<ModelFolder> open(const std::filesystem::path& path);
    /// XXH3-128 over config.json and the weight files: names this model in caches and runs. Reads them whole.
    Result<std::string> contentHash() const;
    /// The same where the hashes of the weight files are known already (SafetensorsSet::readAll).
    Result<std::string> contentHashOf(const std::vector<std::string>& weightHashes) const;
    /// generation_config.json if it is there and belongs to the folder.
    std::optional<std::filesystem::path> generationConfig() const;
};

}  // namespace preflab
