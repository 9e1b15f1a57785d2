// SPDX-License-Identifier: GPL-3.0-or-later
// Model families. Adding one is one file in core/model/architectures that defines `architecture_<stem>`.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/decoder.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One family: maps config.json to a decoder description and names its weights. Torch-free.
struct ArchitectureInfo {
    std::string id;                       ///< `model_type` in config.json
    std::string title;                    ///< for people: "Llama"
    std::vector<std::string> classNames;  ///< `architectures` entries it answers to
    /// ConfigInvalid or ConfigUnsupported naming the key. An option that changes the mathematics and is unknown
    /// is an error; keys that do not touch the forward pass are ignored.
    Result<DecoderDescription> (*describe)(const JsonObject& config) = nullptr;
    /// Every weight the description needs, under Hugging Face's names.
    std::vector<WeightSpec> (*weights)(const DecoderDescription& decoder) = nullptr;
};

/// All families, in order of their file names.
std::span<const ArchitectureInfo* const> architectures();

/// The family of a parsed config.json; UnknownArchitecture lists what is supported.
Result<const ArchitectureInfo*> architectureOf(const JsonObject& config);

}  // namespace preflab
