// SPDX-License-Identifier: GPL-3.0-or-later
// The table of types.
#include "core/model/tensor_type.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace preflab {
namespace {

struct TypeInfo {
    TensorType type;
    std::string_view name;
    std::uint64_t bytes;
};

// In the order of the enum.
constexpr std::array<TypeInfo, 13> kTypes{{{TensorType::Bool, "BOOL", 1},
                                           {TensorType::U8, "U8", 1},
                                           {TensorType::I8, "I8", 1},
                                           {TensorType::I16, "I16", 2},
                                           {TensorType::U16, "U16", 2},
                                           {TensorType::F16, "F16", 2},
                                           {TensorType::BF16, "BF16", 2},
                                           {TensorType::I32, "I32", 4},
                                           {TensorType::U32, "U32", 4},
                                           {TensorType::F32, "F32", 4},
                                           {TensorType::I64, "I64", 8},
                                           {TensorType::U64, "U64", 8},
                                           {TensorType::F64, "F64", 8}}};

constexpr std::string_view kUnsupportedTypes[] = {"F4",      "F6_E2M3",     "F6_E3M2",     "F8_E5M2", "F8_E4M3",
                                                  "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"};

}  // namespace

std::string_view tensorTypeName(TensorType type)
{
    return kTypes[static_cast<std::size_t>(type)].name;
}

std::uint64_t elementSize(TensorType type)
{
    return kTypes[static_cast<std::size_t>(type)].bytes;
}

std::optional<std::uint64_t> tensorBytes(TensorType type, const std::vector<std::int64_t>& shape)
{
    // A 0 anywhere means no elements, also where the other sizes would overflow.
    if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
    std::uint64_t bytes = elementSize(type);
    for (const std::int64_t size : shape) {
        if (size < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes)) return std::nullopt;
    }
    return bytes;
}

tl::expected<TensorType, std::string> tensorTypeNamed(std::string_view name)
{
    const auto found =
        std::find_if(kTypes.begin(), kTypes.end(), [&name](const TypeInfo& info) { return info.name == name; });
    if (found != kTypes.end()) return found->type;
    const bool isKnown =
        std::find(std::begin(kUnsupportedTypes), std::end(kUnsupportedTypes), name) != std::end(kUnsupportedTypes);
    return tl::unexpected<std::string>(isKnown ? "is not supported" : "does not exist");
}

}  // namespace preflab
