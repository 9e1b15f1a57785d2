// SPDX-License-Identifier: GPL-3.0-or-later
// What two answers share and where they differ. Neither side is the original.
#pragma once

#include "core/base/text_pattern.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace preflab {

/// What is compared as a whole.
enum class DiffUnit {
    Words,    ///< words, spaces and signs; single characters in scripts without spaces
    Letters,  ///< characters as people see them (a letter with its accents, an emoji with its parts)
};

/// A piece of both texts, or of one of them.
struct DiffPart {
    enum class Kind {
        CommonPrefix,  ///< both sides begin with it
        Equal,
        OnlyChosen,  ///< `rejected` is empty and says where it would stand
        OnlyRejected,
    };
    Kind kind = Kind::Equal;
    TextRange chosen;
    TextRange rejected;
    bool operator==(const DiffPart&) const = default;
};

/// The comparison of two texts; ranges are bytes of UTF-8, cut between characters.
struct PairDiff {
    std::vector<DiffPart> parts;         ///< the chosen ranges in order are the whole text, and so are the rejected
    std::vector<TextRange> chosenMarks;  ///< what to mark: differences, joined over single spaces
    std::vector<TextRange> rejectedMarks;
    std::size_t commonPrefix = 0;  ///< bytes
    double similarity = 1.0;       ///< 0 to 1: share of both texts' bytes that are equal
    bool isCoarse = false;         ///< too long to compare by the unit: compared by lines
};

/// Compares two texts. Thread-safe; some milliseconds for usual answers, below a second for the longest.
PairDiff diffTexts(std::string_view chosen, std::string_view rejected, DiffUnit unit = DiffUnit::Words);

}  // namespace preflab
