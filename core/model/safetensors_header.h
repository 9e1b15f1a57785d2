// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON header of a safetensors file, validated as a whole.
#pragma once

#include "core/model/safetensors.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Why a header is refused: `where` is "header byte 12" or "tensor wte.weight".
struct HeaderFault {
    std::string where;
    std::string reason;
};

/// A valid header; offsets of the entries are relative to the data behind the header.
struct SafetensorsHeader {
    std::vector<TensorEntry> tensors;  ///< in name order
    std::map<std::string, std::string> metadata;
};

/// The one key of a header that is no tensor.
constexpr std::string_view kMetadataKey = "__metadata__";

/// Largest header that a file may have, by the format's definition.
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

/// Checks every rule of the format over `dataBytes` bytes of data: unique keys, plain integers, known types, sizes
/// that fit their shapes, tensors that tile the data without hole or overlap. Stricter than the reference where two
/// readers could see two different files.
tl::expected<SafetensorsHeader, HeaderFault> parseSafetensorsHeader(std::string_view json, std::uint64_t dataBytes);

}  // namespace preflab
