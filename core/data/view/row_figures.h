// SPDX-License-Identifier: GPL-3.0-or-later
// What a table shows, sorts and filters by of each row, in 40 bytes a row.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace preflab {

/// What may be wrong or worth a look with a pair. Values are bits.
enum class RowFlag : std::uint8_t {
    IdenticalSides = 1,  ///< chosen and rejected are the same
    EmptySide = 2,       ///< a side has no text but white space
    LengthGap = 4,       ///< a side is at least 1.8 times as long as the other, and 100 characters longer
    NearCopy = 8,        ///< at least 80 % of the words are the same, but not all
    CommonPrefix = 16,   ///< both answers begin with the same five words or more
};

/// All flags, from the gravest to the lightest.
inline constexpr std::array kRowFlags{RowFlag::IdenticalSides, RowFlag::EmptySide, RowFlag::NearCopy,
                                      RowFlag::LengthGap, RowFlag::CommonPrefix};

/// Figures of one row, as it is shown (see shownRow). Lengths are in characters (code points).
struct RowFigures {
    std::array<unsigned char, 20> promptKey{};  ///< beginning of the prompt's last turn, lower case, for sorting
    std::uint32_t promptLength = 0;
    std::uint32_t chosenLength = 0;
    std::uint32_t rejectedLength = 0;
    std::uint16_t turns = 0;        ///< of the prompt
    std::uint16_t commonWords = 0;  ///< that both answers begin with
    std::uint8_t similarity = 0;    ///< words that both answers have, in percent of all words
    std::uint8_t flags = 0;         ///< bits of RowFlag

    bool has(RowFlag flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
    bool operator==(const RowFigures&) const = default;
};
static_assert(sizeof(RowFigures) == 40);

/// Lengths of one row's texts in tokens, nothing cut off.
struct TokenLengths {
    static constexpr std::uint32_t kUnknown = 0xFFFFFFFF;
    std::uint32_t prompt = kUnknown;
    std::uint32_t chosen = kUnknown;  ///< the answer alone
    std::uint32_t rejected = kUnknown;
    std::uint32_t common = 0;                            ///< that both answers begin with
    bool isKnown() const { return chosen != kUnknown; }  ///< false: the recipe cannot use the row
    bool operator==(const TokenLengths&) const = default;
};

/// By row of the source.
using FiguresByRow = std::vector<RowFigures>;
using LengthsByRow = std::vector<TokenLengths>;

/// The figures of one row.
RowFigures figuresOf(const Row& row);
/// The key of RowFigures of a text.
std::array<unsigned char, 20> sortKey(std::string_view text);

/// One pass over all rows on all cores. Cancelled, or the error of a row that cannot be read.
Result<FiguresByRow> measureRows(const RowSource& rows, const ProgressSink& progress = {}, std::stop_token stop = {});

}  // namespace preflab
