// SPDX-License-Identifier: GPL-3.0-or-later
// Checking and cutting UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace preflab {

/// Offset of the first byte that is no part of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates);
/// nothing if all is well.
std::optional<std::size_t> firstInvalidUtf8(std::string_view text);

/// What is wrong with a text that holds a surrogate.
inline constexpr std::string_view kHalfCharacter = "half a character: a surrogate without its partner";

/// True if `text` begins with the bytes of a surrogate, half of a character of UTF-16, which are no UTF-8.
bool isSurrogate(std::string_view text);

/// Bytes of the well-formed character at the beginning of `text`; 0 if there is none.
std::size_t utf8Length(std::string_view text);

/// True for a byte that continues a character: whoever cuts a text must not cut before it.
constexpr bool isUtf8Continuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace preflab
