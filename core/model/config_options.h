// SPDX-License-Identifier: GPL-3.0-or-later
// What the families' readings of config.json have in common: limits, options that must be neutral, rotary embedding.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/model/decoder.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace preflab {

/// Limits of sizes in a config.json; nothing is allocated from a number beyond them.
namespace config_limits {
constexpr std::int64_t kHiddenSize = 65'536;
constexpr std::int64_t kLayers = 512;
constexpr std::int64_t kHeads = 1024;
constexpr std::int64_t kVocabulary = std::int64_t{4} << 20;
constexpr std::int64_t kIntermediateSize = 524'288;
constexpr std::int64_t kPositions = std::int64_t{16} << 20;
}  // namespace config_limits

/// ConfigInvalid of a key of this file.
tl::unexpected<Error> invalidOption(const JsonObject& config, std::string_view key, const std::string& reason);
/// ConfigUnsupported of a key of this file.
tl::unexpected<Error> unsupportedOption(const JsonObject& config, std::string_view key, const std::string& value);

/// A required size from 1 to `limit`.
Result<std::int64_t> requiredSize(const JsonObject& config, std::string_view key, std::int64_t limit);
/// As `requiredSize`, with a default for an absent or null key.
Result<std::int64_t> optionalSize(const JsonObject& config, std::string_view key, std::int64_t limit,
                                  std::int64_t fallback);
/// A finite number above 0, with a default for an absent or null key.
Result<double> optionalPositive(const JsonObject& config, std::string_view key, double fallback);

/// ConfigUnsupported for the first key that is known, from the families of Hugging Face, to change the forward pass,
/// has another value than the one that leaves it as it is, and is not among `handled`. Keys nobody knows (names,
/// versions, notes) pass.
Result<> refuseActiveOptions(const JsonObject& config, std::initializer_list<std::string_view> handled);

/// The rotary embedding from `rope_theta` and `rope_scaling`, or from `rope_parameters`, which replaced them in
/// transformers 5. Types default, linear and llama3; anything else is ConfigUnsupported.
Result<RotaryDescription> readRotary(const JsonObject& config);

}  // namespace preflab
