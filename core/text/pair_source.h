// SPDX-License-Identifier: GPL-3.0-or-later
// Token pairs behind one interface: out of a store, or given as ids.
#pragma once

#include "core/base/result.h"
#include "core/text/recipe.h"
#include "core/text/token_store.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace preflab {

/// Number of tokens of one pair's sides.
struct PairLength {
    std::uint32_t chosen = 0;
    std::uint32_t rejected = 0;
};

/// Usable pairs, numbered 0 .. size()-1 in file order.
class PairSource {
public:
    virtual ~PairSource() = default;
    virtual std::uint32_t size() const = 0;
    virtual Result<TokenPair> pair(std::uint32_t index) const = 0;
    virtual PairLength length(std::uint32_t index) const = 0;
};

/// Tokens of the longest side of all pairs.
std::int64_t longestSequence(const PairSource& pairs);
/// Pairs with a side of more than `tokens` tokens.
std::uint64_t pairsLongerThan(const PairSource& pairs, std::int64_t tokens);

/// Pairs given as ids (parity runs, tests).
class FixedPairs final : public PairSource {
public:
    explicit FixedPairs(std::vector<TokenPair> pairs) : m_pairs(std::move(pairs)) {}
    std::uint32_t size() const override;
    Result<TokenPair> pair(std::uint32_t index) const override;
    PairLength length(std::uint32_t index) const override;

private:
    std::vector<TokenPair> m_pairs;
};

/// What a recipe left out of a dataset.
struct DropSummary {
    std::map<DropReason, std::uint64_t> counts;
    std::uint64_t shortestPrompt = 0;  ///< smallest prompt among PromptFillsMaxLength rows
    std::uint64_t total() const;
    void add(const DroppedRow& row);
};

/// The rows of a store that can be used at a maximum length. Memory holds 32 bytes a pair; drawing one is one read.
class StoredPairs final : public PairSource {
public:
    /// Chooses among `rows` (ascending; empty: all rows of the store). Errors of reading the store.
    static Result<StoredPairs> select(std::shared_ptr<const TokenStore> store, const std::vector<std::uint32_t>& rows,
                                      std::optional<std::int64_t> maxLength);
    std::uint32_t size() const override;
    Result<TokenPair> pair(std::uint32_t index) const override;
    PairLength length(std::uint32_t index) const override;
    /// Leaves only the pairs whose rows are in `rows` (ascending): those that other recipes can use as well.
    void keepOnly(const std::vector<std::uint32_t>& rows);
    /// Rows of the usable pairs, ascending.
    std::vector<std::uint32_t> usableRows() const;
    const DropSummary& drops() const { return m_drops; }
    /// How many of the usable pairs have a side that loses tokens at the maximum length.
    std::uint64_t shortened() const;

private:
    struct Item {
        TokenPlace place;
        std::uint32_t row = 0;
        PairLength length;
        bool isShortened = false;
    };
    StoredPairs() = default;
    std::shared_ptr<const TokenStore> m_store;
    std::optional<std::int64_t> m_maxLength;
    std::vector<Item> m_items;
    DropSummary m_drops;
};

}  // namespace preflab
