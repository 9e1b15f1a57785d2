// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting a text between characters.
#include "core/base/excerpt.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace preflab {

std::string excerptOf(std::string_view text, std::size_t most)
{
    std::size_t characters = 0;
    std::size_t end = 0;   // bytes of the characters counted so far
    std::size_t kept = 0;  // bytes that leave room for the ellipsis
    while (end < text.size()) {
        if (characters == most) return std::string(text.substr(0, kept)) + "…";
        end += std::max<std::size_t>(1, utf8Length(text.substr(end)));
        if (++characters < most) kept = end;
    }
    return std::string(text);
}

}  // namespace preflab
