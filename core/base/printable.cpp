// SPDX-License-Identifier: GPL-3.0-or-later
// Escapes of what a terminal would obey.
#include "core/base/printable.h"

#include "core/base/utf8.h"

#include <array>
#include <cstdio>

namespace preflab {
namespace {

char32_t decoded(std::string_view character)
{
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    char32_t point = lead & (0xFFU >> (character.size() + 1));
    for (const char byte : character.substr(1)) point = point << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
    return point;
}

/// ISO 6429's second set of controls, and what Unicode has for directions and line breaks.
bool isInvisibleCommand(char32_t point)
{
    return (point >= 0x80 && point <= 0x9F) || point == 0x061C || point == 0x200E || point == 0x200F ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

void appendByte(std::string& text, char byte)
{
    std::array<char, 5> escape{};
    std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += escape.data();
}

void appendPoint(std::string& text, char32_t point)
{
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(point));
    text += escape.data();
}

}  // namespace

std::string printable(std::string_view text, LineBreaks breaks)
{
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8Length(text);
        const char first = text.front();
        const bool isKept = breaks == LineBreaks::Keep && (first == '\n' || first == '\t');
        const auto byte = static_cast<unsigned char>(first);
        if (length == 0 || (length == 1 && !isKept && (byte < 0x20 || byte == 0x7F)))
            appendByte(shown, first);
        else if (length > 1 && isInvisibleCommand(decoded(text.substr(0, length))))
            appendPoint(shown, decoded(text.substr(0, length)));
        else
            shown += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return shown;
}

std::string_view wholeCharacters(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes) return text;
    while (bytes > 0 && isUtf8Continuation(text[bytes])) --bytes;
    return text.substr(0, bytes);
}

}  // namespace preflab
