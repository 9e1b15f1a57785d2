// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenised row as bytes, and what is known of it without reading them.
#pragma once

#include "core/text/recipe.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace preflab {

/// One side of a row in numbers.
struct SideEntry {
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;
    std::uint32_t tokens = 0;
    std::uint32_t prompt = 0;              ///< tokens before the first label
    std::uint32_t firstPredicted = kNone;  ///< the first label that has a prediction
};

/// One row in numbers, and where its record lies. Stored as it lies in memory.
struct TokenEntry {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;      ///< of the record
    std::uint32_t hasTokens = 0;  ///< 1, or 0 for a row that the recipe cannot use
    std::uint32_t reason = 0;     ///< then: its DropReason
    std::uint32_t common = 0;     ///< tokens that both answers begin with
    SideEntry chosen, rejected;   ///< rejected: all 0 where the recipe has no such side
};
static_assert(sizeof(TokenEntry) == 48);

/// Whether the row can be used when each side keeps its first `maxLength` tokens, by the rules of `truncated`.
std::optional<DroppedRow> dropAt(const TokenEntry& entry, std::uint32_t row, bool needsRejected,
                                 std::optional<std::int64_t> maxLength);

/// The entry of a row that has tokens; offset and bytes are left at 0.
TokenEntry entryOf(const TokenPair& pair, bool needsRejected);
/// The entry of a row that the recipe cannot use.
TokenEntry entryOf(const DroppedRow& dropped);

/// Bytes that one id takes in a record: 2 for vocabularies up to 65,536 tokens, else 4.
std::size_t idBytes(std::int64_t vocabularySize);
/// Appends the row's record. What both sides begin with is stored once.
void appendRecord(std::string& bytes, const TokenPair& pair, std::size_t idBytes);
/// The pair of a record, without `row`; nothing if the bytes are no whole record.
std::optional<TokenPair> readRecord(std::span<const std::byte> bytes, std::size_t idBytes);

}  // namespace preflab
