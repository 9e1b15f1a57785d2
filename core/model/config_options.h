// SPDX-License-Identifier: GPL-3.0-or-later
// What readings of a model's JSON files have in common: limits of sizes, and how a key is refused.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <cstdint>
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
/// ConfigUnsupported of a key of this file; `value` is cut to what a message quotes.
tl::unexpected<Error> unsupportedOption(const JsonObject& config, std::string_view key, const std::string& value);

}  // namespace preflab
