// SPDX-License-Identifier: GPL-3.0-or-later
// A Hugging Face model folder, opened and checked without loading its weights.
#pragma once

#include "core/base/result.h"
#include "core/model/architecture.h"
#include "core/model/decoder.h"
#include "core/model/safetensors.h"

#include <filesystem>
#include <string>
#include <vector>

namespace preflab {

/// Everything about a model that is known before its tensors are read.
struct ModelFolder {
    std::filesystem::path path;
    Json config;  ///< config.json as parsed
    const ArchitectureInfo* architecture = nullptr;
    DecoderDescription decoder;
    std::vector<WeightSpec> weights;  ///< what the decoder needs; every one is in `tensors` with its shape
    SafetensorsSet tensors;

    /// Opens config and weights' directory and checks them against each other: NoModelConfig, NoWeights, PickleWeights,
    /// WeightsMismatch and the like. The tokenizer is TextModel's.
    static Result<ModelFolder> open(const std::filesystem::path& path);
    /// XXH3-128 over the weight files and config.json: names this model in caches and runs.
    Result<std::string> contentHash() const;
};

}  // namespace preflab
