// SPDX-License-Identifier: GPL-3.0-or-later
// Lengths of all rows in tokens, and what a maximum length would cost.
#pragma once

#include "core/data/view/row_figures.h"
#include "core/text/token_store.h"

#include <cstdint>

namespace preflab {

/// The lengths of the store's rows, by row; of rows that are not in it, or that the recipe cannot use, they are
/// unknown. `rows` is the number of rows of the dataset. Errors of reading the store.
Result<LengthsByRow> readTokenLengths(const TokenStore& store, std::uint32_t rows);

/// The lengths of one row, for a row that was edited.
TokenLengths tokenLengthsOf(const Row& row, const Tokenisation& how);

/// What a maximum length does to the pairs.
struct TruncationSummary {
    std::uint64_t pairs = 0;       ///< with known lengths
    std::uint64_t shortened = 0;   ///< a side loses tokens, but both keep some of their answers
    std::uint64_t leftOut = 0;     ///< the prompt alone fills the maximum length, so that the whole answer is lost
    std::uint64_t identical = 0;   ///< of the shortened: what is left of both sides is the same
    std::uint64_t lostTokens = 0;  ///< over all pairs that are not left out
    std::uint64_t longest = 0;     ///< tokens of the longest side: no maximum length is needed from here on
    bool operator==(const TruncationSummary&) const = default;
};

/// Computed from the counts alone; a million rows take some milliseconds.
TruncationSummary truncationAt(const LengthsByRow& lengths, std::int64_t maxLength);

}  // namespace preflab
