// SPDX-License-Identifier: GPL-3.0-or-later
// Where a long text may be cut before byte-pair encoding: the library takes 160 bytes for each byte that it gets at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace preflab {

/// ▁, which stands for a space in pieces.
constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

/// Places between two characters that no piece holds side by side. No merge reaches across such a place, so the tokens of
/// the parts are those of the whole. Only for models that do not map characters to others first.
class PieceBreaks {
public:
    /// `pieces` are all pieces of the model, whatever their type. `hasByteFallback`: what has no piece becomes bytes;
    /// otherwise a run of it is one unknown token, in which no place is safe.
    PieceBreaks(std::span<const std::string> pieces, bool hasByteFallback);

    /// The first such place at or behind the byte `from` of a text that is UTF-8; its size if there is none.
    std::size_t next(std::string_view text, std::size_t from) const;

private:
    bool isBreak(std::uint32_t before, std::uint32_t after) const;

    std::unordered_set<std::uint64_t> m_neighbours;  ///< two characters each
    std::unordered_set<std::uint32_t> m_characters;  ///< that are pieces by themselves
    bool m_hasByteFallback;
};

}  // namespace preflab
