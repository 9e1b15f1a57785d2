// SPDX-License-Identifier: GPL-3.0-or-later
// Element types of safetensors by name and size.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Element types of the format that PrefLab reads.
enum class TensorType { Bool, U8, I8, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64 };

/// "BF16", as the file spells it.
std::string_view tensorTypeName(TensorType type);
/// Bytes of one element.
std::uint64_t elementSize(TensorType type);

/// The type of that name as the format spells it, or why there is none: "is not supported", "does not exist".
tl::expected<TensorType, std::string> tensorTypeNamed(std::string_view name);

/// Bytes of a tensor; nothing if they cannot be counted in 64 bits.
std::optional<std::uint64_t> tensorBytes(TensorType type, const std::vector<std::int64_t>& shape);

}  // namespace preflab
