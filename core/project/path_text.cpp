// SPDX-License-Identifier: GPL-3.0-or-later
// Escaping that keeps every byte.
#include "core/project/path_text.h"

#include "core/base/utf8.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace preflab {
namespace {

constexpr std::string_view kEscaped = "./%:";

}  // namespace

std::string pathText(const std::filesystem::path& path)
{
    const std::string bytes = path.generic_string();
    if (!firstInvalidUtf8(bytes) && !bytes.starts_with(kEscaped)) return bytes;
    std::string text(kEscaped);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F && c != '%') {
            text += c;
            continue;
        }
        std::array<char, 4> escape{};
        std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned>(byte));
        text += escape.data();
    }
    return text;
}

std::filesystem::path pathOfText(std::string_view text)
{
    if (!text.starts_with(kEscaped)) return std::filesystem::path(text);
    text.remove_prefix(kEscaped.size());
    std::string bytes;
    while (!text.empty()) {
        unsigned value = 0;
        const bool isEscape = text.size() >= 3 && text.front() == '%' &&
                              std::from_chars(text.data() + 1, text.data() + 3, value, 16).ptr == text.data() + 3;
        bytes += isEscape ? static_cast<char>(value) : text.front();
        text.remove_prefix(isEscape ? 3 : 1);
    }
    return bytes;
}

}  // namespace preflab
