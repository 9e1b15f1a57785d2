// SPDX-License-Identifier: GPL-3.0-or-later
// Characters out of bytes.
#include "core/text/text_decoder.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <array>

namespace preflab {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Whether more bytes can make `bytes`, which hold no character yet, begin with one. Some first bytes restrict the
/// second one; one of these endings fits whatever they allow.
bool mayBeginCharacter(std::string_view bytes)
{
    constexpr std::array<std::string_view, 3> kEndings{"\x80\x80\x80", "\x90\x80\x80", "\xA0\x80\x80"};
    return std::ranges::any_of(kEndings, [bytes](std::string_view ending) {
        return utf8Length(std::string(bytes) + std::string(ending)) > bytes.size();
    });
}

}  // namespace

std::string CharacterAssembler::add(std::string_view bytes)
{
    m_waiting += bytes;
    std::string text;
    std::string_view rest = m_waiting;
    while (!rest.empty()) {
        const std::size_t length = utf8Length(rest);
        if (length == 0 && mayBeginCharacter(rest)) break;
        text += length == 0 ? kReplacement : rest.substr(0, length);
        rest.remove_prefix(length == 0 ? 1 : length);
    }
    m_waiting = std::string(rest);
    return text;
}

std::string CharacterAssembler::finish()
{
    std::string text;
    for (std::size_t i = 0; i < m_waiting.size(); ++i) text += kReplacement;
    m_waiting.clear();
    return text;
}

}  // namespace preflab
