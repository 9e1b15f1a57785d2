// SPDX-License-Identifier: GPL-3.0-or-later
// Texts are copied whole; only what lies between them is changed.
#include "core/data/ingest/strict_line.h"

#include <algorithm>
#include <cstddef>

namespace preflab {
namespace {

/// Length of the text that begins with the quote at `start`, both quotes included.
std::size_t quotedLength(std::string_view json, std::size_t start)
{
    std::size_t end = start + 1;
    while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
    return std::min(end + 1, json.size()) - start;
}

/// Length of the number at `start` that JSON has no word for; 0 if there is none.
std::size_t oddNumberLength(std::string_view json, std::size_t start)
{
    for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
        const auto end = start + word.size();
        if (json.substr(start, word.size()) != word) continue;
        if (end == json.size() || std::string_view(",]} \t\r\n").find(json[end]) != std::string_view::npos)
            return word.size();
    }
    return 0;
}

}  // namespace

std::string strictLine(std::string_view json)
{
    std::string line;
    line.reserve(json.size());
    for (std::size_t i = 0; i < json.size();) {
        if (json[i] == '\n' || json[i] == '\r') {
            line += ' ';
            i = std::min(json.find_first_not_of(" \t\r\n", i), json.size());
            continue;
        }
        const auto odd = oddNumberLength(json, i);
        const auto length = odd > 0 ? odd : json[i] == '"' ? quotedLength(json, i) : 1;
        line += odd > 0 ? "null" : json.substr(i, length);
        i += length;
    }
    return line;
}

}  // namespace preflab
