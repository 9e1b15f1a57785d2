// SPDX-License-Identifier: GPL-3.0-or-later
// Between single quotes only these themselves mean anything.
#include "core/base/shell_word.h"

#include "core/base/plain_name.h"

#include <algorithm>

namespace preflab {
namespace {

bool isPlain(char letter)
{
    return isAsciiAlphanumeric(letter) || std::string_view("_@%+=:,./-").find(letter) != std::string_view::npos;
}

}  // namespace

std::string shellWord(std::string_view word)
{
    if (!word.empty() && std::ranges::all_of(word, isPlain)) return std::string(word);
    std::string quoted = "'";
    for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

}  // namespace preflab
