// SPDX-License-Identifier: GPL-3.0-or-later
// Model families. Adding one is one file in core/model/architectures that defines `architecture_<stem>`.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/config_reader.h"
#include "core/model/decoder.h"
#include "core/model/weight_spec.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace preflab {

/// One family: maps config.json to a decoder description and names its weights. Torch-free.
struct ArchitectureInfo {
    std::string id;                       ///< `model_type` in config.json
    std::string title;                    ///< for people: "Llama"
    std::vector<std::string> classNames;  ///< `architectures` entries it answers to
    /// What the names of all weights but the head begin with ("model."). Files that were saved without the head lack
    /// it.
    std::string basePrefix;
    /// A config.json of a few hundred weights that sets every key the family reads. The conformance tests make
    /// random models of it.
    const char* example = nullptr;
    /// ConfigInvalid or ConfigUnsupported naming the key; a choice that no engine computes is refused here. Keys that
    /// are left unread are judged by describeDecoder.
    Result<DecoderDescription> (*describe)(const ConfigReader& config) = nullptr;
    /// Every weight the description needs, under Hugging Face's names.
    std::vector<WeightSpec> (*weights)(const DecoderDescription& decoder) = nullptr;
};

/// All families, in order of their file names.
std::span<const ArchitectureInfo* const> architectures();

/// The family of a parsed config.json; UnknownArchitecture lists what is supported.
Result<const ArchitectureInfo*> architectureOf(const JsonObject& config);

/// What the family computes with this config. ConfigUnsupported also for a key that the family did not read and that
/// is not known to change nothing.
Result<DecoderDescription> describeDecoder(const ArchitectureInfo& family, const Json& config,
                                           const std::filesystem::path& file);

}  // namespace preflab
