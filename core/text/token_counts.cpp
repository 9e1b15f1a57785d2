// SPDX-License-Identifier: GPL-3.0-or-later
// Counting out of a store's index.
#include "core/text/token_counts.h"

#include <algorithm>
#include <optional>

namespace preflab {
namespace {

TokenLengths lengthsOf(const TokenEntry& entry, bool hasTwo)
{
    if (dropAt(entry, 0, hasTwo, std::nullopt)) return {};
    // A recipe's prompts may differ by a token; the sides' whole lengths are what truncation acts on.
    const std::uint32_t prompt = hasTwo ? std::min(entry.chosen.prompt, entry.rejected.prompt) : entry.chosen.prompt;
    return {prompt, entry.chosen.tokens - prompt, hasTwo ? entry.rejected.tokens - prompt : 0, entry.common};
}

}  // namespace

Result<LengthsByRow> readTokenLengths(const TokenStore& store, std::uint32_t rows)
{
    LengthsByRow lengths(rows);
    const bool hasTwo = store.recipe().needsRejected;
    TRY_VOID(store.forEach([&](std::uint32_t row, const TokenEntry& entry, const TokenPlace&) {
        if (row < rows) lengths[row] = lengthsOf(entry, hasTwo);
    }));
    return lengths;
}

TokenLengths tokenLengthsOf(const Row& row, const Tokenisation& how)
{
    const auto pair = how.recipe->tokeniseWhole(row, 0, how.text, how.options);
    if (!pair) return {};
    const TokenEntry entry = entryOf(*pair, how.recipe->needsRejected);
    return lengthsOf(entry, how.recipe->needsRejected);
}

TruncationSummary truncationAt(const LengthsByRow& lengths, std::int64_t maxLength)
{
    TruncationSummary summary;
    const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(maxLength, 0));
    for (const TokenLengths& row : lengths) {
        if (!row.isKnown()) continue;
        ++summary.pairs;
        const std::uint64_t chosen = std::uint64_t{row.prompt} + row.chosen;
        const std::uint64_t rejected = row.rejected == 0 ? 0 : std::uint64_t{row.prompt} + row.rejected;
        summary.longest = std::max({summary.longest, chosen, rejected});
        if (row.prompt >= limit) {
            ++summary.leftOut;
            continue;
        }
        if (std::max(chosen, rejected) <= limit) continue;
        ++summary.shortened;
        summary.lostTokens += chosen - std::min(chosen, limit) + rejected - std::min(rejected, limit);
        // Both sides then have limit - prompt answer tokens, if neither was shorter than that.
        if (std::min(chosen, rejected) >= limit && row.common >= limit - row.prompt) ++summary.identical;
    }
    return summary;
}

}  // namespace preflab
