// SPDX-License-Identifier: GPL-3.0-or-later
// Between single quotes only these themselves mean anything. What a terminal does not show is written between $' and ',
// in octal digits, which end after three.
#include "core/base/shell_word.h"

#include "core/base/plain_name.h"
#include "core/base/printable.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <cstddef>

namespace preflab {
namespace {

bool isPlain(char letter)
{
    return isAsciiAlphanumeric(letter) || std::string_view("_@%+=:,./-").find(letter) != std::string_view::npos;
}

void appendOctal(std::string& text, char letter)
{
    const auto byte = static_cast<unsigned char>(letter);
    text += '\\';
    for (const int shift : {6, 3, 0}) text += static_cast<char>('0' + (byte >> shift & 7));
}

/// For words with bytes that are no UTF-8, line ends and their like.
std::string escapedWord(std::string_view word)
{
    std::string escaped = "$'";
    while (!word.empty()) {
        const auto letter = word.substr(0, std::max<std::size_t>(utf8Length(word), 1));
        word.remove_prefix(letter.size());
        if (letter == "'" || letter == "\\")
            (escaped += '\\') += letter;
        else if (printable(letter) == letter)
            escaped += letter;
        else
            for (const char byte : letter) appendOctal(escaped, byte);
    }
    return escaped + "'";
}

}  // namespace

std::string shellWord(std::string_view word)
{
    if (!word.empty() && std::ranges::all_of(word, isPlain)) return std::string(word);
    if (printable(word) != word) return escapedWord(word);
    std::string quoted = "'";
    for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

}  // namespace preflab
