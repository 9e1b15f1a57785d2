// SPDX-License-Identifier: GPL-3.0-or-later
// Names that a foreign file gives and that become parts of paths or commands: what is safe in them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace preflab {

/// A to Z, a to z, 0 to 9, whatever the locale.
constexpr bool isAsciiAlphanumeric(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

/// True for what may name a file or folder wherever it comes from: ASCII letters, digits, "-", "_" and ".", the first one a
/// letter or a digit, at most `most` in all.
constexpr bool isPlainName(std::string_view name, std::size_t most)
{
    return !name.empty() && name.size() <= most && isAsciiAlphanumeric(name.front()) &&
           std::ranges::all_of(name, [](char letter) {
               return isAsciiAlphanumeric(letter) || letter == '-' || letter == '_' || letter == '.';
           });
}

}  // namespace preflab
