// SPDX-License-Identifier: GPL-3.0-or-later
// Lengths of all rows in tokens, and what a maximum length would cost. Counted once, then found in the cache.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/view/row_columns.h"
#include "core/text/recipe.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace preflab {

/// What decides the counts beside the rows.
struct TokenCounting {
    const RecipeInfo* recipe = nullptr;
    std::shared_ptr<const Tokenizer> tokenizer;
    RecipeOptions options;              ///< `maxLength` is not used: nothing is cut off
    std::string dataKey;                ///< names the rows: the source's content hash
    std::filesystem::path cacheFolder;  ///< empty: the user's cache
};

/// The lengths of all rows of the source as it is (edited rows are counted one by one), from the cache or counted on all cores and put there. A damaged cache is made again, and
/// one that cannot be written is done without. Cancelled, or the error of a row that cannot be read.
Result<TokenColumns> countTokens(const RowSource& rows, const TokenCounting& how, const ProgressSink& progress = {},
                                 std::stop_token stop = {});

/// The lengths of one row, for a row that was edited.
TokenLengths tokenLengthsOf(const Row& row, const TokenCounting& how);

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
TruncationSummary truncationAt(const TokenColumns& lengths, std::int64_t maxLength);

}  // namespace preflab
