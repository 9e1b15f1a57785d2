// SPDX-License-Identifier: GPL-3.0-or-later
// Characters are compared by their bytes in UTF-8, which fit into 32 bits.
#include "core/text/piece_breaks.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace preflab {
namespace {

/// Takes the first character off a text that is not empty.
std::uint32_t takeCharacter(std::string_view& text)
{
    std::string_view bytes = text.substr(0, std::max<std::size_t>(1, utf8Length(text)));
    text.remove_prefix(bytes.size());
    if (bytes == " ") bytes = kSpaceMark;
    std::uint32_t character = 0;
    for (const char byte : bytes) character = character << 8 | static_cast<unsigned char>(byte);
    return character;
}

std::uint64_t neighbours(std::uint32_t before, std::uint32_t after)
{
    return std::uint64_t{before} << 32 | after;
}

}  // namespace

PieceBreaks::PieceBreaks(std::span<const std::string> pieces, bool hasByteFallback) : m_hasByteFallback(hasByteFallback)
{
    for (std::string_view piece : pieces) {
        if (piece.empty()) continue;
        std::uint32_t before = takeCharacter(piece);
        if (piece.empty()) m_characters.insert(before);
        while (!piece.empty()) {
            const std::uint32_t after = takeCharacter(piece);
            m_neighbours.insert(neighbours(before, after));
            before = after;
        }
    }
}

bool PieceBreaks::isBreak(std::uint32_t before, std::uint32_t after) const
{
    const bool isRunOfUnknown = !m_hasByteFallback && !m_characters.contains(before) && !m_characters.contains(after);
    return !isRunOfUnknown && !m_neighbours.contains(neighbours(before, after));
}

std::size_t PieceBreaks::next(std::string_view text, std::size_t from) const
{
    std::size_t at = from;
    while (at > 0 && at < text.size() && isUtf8Continuation(text[at])) --at;
    if (at >= text.size()) return text.size();
    std::string_view rest = text.substr(at);
    std::uint32_t before = takeCharacter(rest);
    while (!rest.empty()) {
        const std::size_t place = text.size() - rest.size();
        const std::uint32_t after = takeCharacter(rest);
        if (isBreak(before, after)) return place;
        before = after;
    }
    return text.size();
}

}  // namespace preflab
