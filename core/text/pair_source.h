// SPDX-License-Identifier: GPL-3.0-or-later
// Token pairs behind one interface: tokenised from rows on demand, or given as ids.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/text/recipe.h"

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
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
    std::vector<DroppedRow> first;     ///< up to 100, for messages
    std::uint64_t shortestPrompt = 0;  ///< smallest prompt among PromptFillsMaxLength rows
    std::uint64_t total() const;
    void add(const DroppedRow& row);
};

/// Rows of a dataset tokenised by a recipe. Keeps which rows are usable and their lengths (12 bytes a row), and
/// tokenises again when a pair is drawn: memory does not grow with the texts.
class TokenisedRows final : public PairSource {
public:
    /// One pass over `rows` (ascending indices into `source`; empty: all) on all cores; `progress` is called on
    /// the caller's thread. Cancelled when `stop` is requested; a row that cannot be read is its file's error.
    static Result<TokenisedRows> build(std::shared_ptr<const RowSource> source, std::vector<std::uint32_t> rows,
                                       const RecipeInfo& recipe, std::shared_ptr<const Tokenizer> tokenizer,
                                       const RecipeOptions& options, const ProgressSink& progress,
                                       std::stop_token stop);
    std::uint32_t size() const override;
    Result<TokenPair> pair(std::uint32_t index) const override;
    PairLength length(std::uint32_t index) const override;
    /// Leaves only the pairs whose rows are in `rows` (ascending): those that other recipes can use as well.
    void keepOnly(const std::vector<std::uint32_t>& rows);
    /// Index in the RowSource of a usable pair.
    std::uint32_t rowOf(std::uint32_t index) const { return m_usable[index]; }
    const std::vector<std::uint32_t>& usableRows() const { return m_usable; }
    const DropSummary& drops() const { return m_drops; }

private:
    TokenisedRows() = default;
    std::shared_ptr<const RowSource> m_source;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    const RecipeInfo* m_recipe = nullptr;
    RecipeOptions m_options;
    std::vector<std::uint32_t> m_usable;
    std::vector<PairLength> m_lengths;
    DropSummary m_drops;
};

}  // namespace preflab
