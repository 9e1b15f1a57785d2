// SPDX-License-Identifier: GPL-3.0-or-later
// Well-formed UTF-8 after table 3-7 of the Unicode standard.
#include "core/base/utf8.h"

namespace preflab {
namespace {

struct Lead {
    std::size_t length = 0;
    unsigned char secondLow = 0x80;
    unsigned char secondHigh = 0xBF;
};

Lead leadOf(unsigned char byte)
{
    if (byte < 0x80) return {1, 0x80, 0xBF};
    if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {};
}

}  // namespace

std::size_t utf8Length(std::string_view text)
{
    if (text.empty()) return 0;
    const Lead lead = leadOf(static_cast<unsigned char>(text[0]));
    if (lead.length <= 1) return lead.length;
    if (text.size() < lead.length) return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second < lead.secondLow || second > lead.secondHigh) return 0;
    for (std::size_t i = 2; i < lead.length; ++i) {
        if (!isUtf8Continuation(text[i])) return 0;
    }
    return lead.length;
}

bool isSurrogate(std::string_view text)
{
    return text.size() >= 2 && text[0] == '\xED' && static_cast<unsigned char>(text[1]) >= 0xA0;
}

std::optional<std::size_t> firstInvalidUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = utf8Length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

}  // namespace preflab
