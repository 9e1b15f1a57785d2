// SPDX-License-Identifier: GPL-3.0-or-later
// Token pairs behind one interface.
#include "core/text/pair_source.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

namespace preflab {

namespace {

constexpr std::size_t kKeptDrops = 100;
constexpr std::size_t kRowsPerBlock = 256;

/// What one row came to: its lengths, or nothing if the recipe left it out.
using RowLength = std::optional<PairLength>;

PairLength lengthOf(const TokenPair& pair)
{
    return {static_cast<std::uint32_t>(pair.chosen.ids.size()), static_cast<std::uint32_t>(pair.rejected.ids.size())};
}

/// Measures rows block by block on several threads.
class Measurement {
public:
    Measurement(const RowSource& source, const std::vector<std::uint32_t>& rows, const RecipeInfo& recipe,
                const Tokenizer& tokenizer, const RecipeOptions& options)
        : m_source(source), m_rows(rows), m_recipe(recipe), m_tokenizer(tokenizer), m_options(options),
          m_lengths(rows.size())
    {
    }

    Result<> run(const ProgressSink& progress, const std::stop_token& stop)
    {
        const std::size_t blocks = (m_rows.size() + kRowsPerBlock - 1) / kRowsPerBlock;
        const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
        {
            std::vector<std::jthread> helpers;
            for (std::size_t i = 1; i < std::min(cores, blocks); ++i) helpers.emplace_back([&] { work({}, stop); });
            work(progress, stop);
        }
        if (m_error) return tl::unexpected(*m_error);
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        std::sort(m_dropped.begin(), m_dropped.end(),
                  [](const DroppedRow& left, const DroppedRow& right) { return left.row < right.row; });
        return {};
    }

    const std::vector<RowLength>& lengths() const { return m_lengths; }
    const std::vector<DroppedRow>& dropped() const { return m_dropped; }

private:
    void work(const ProgressSink& progress, const std::stop_token& stop)
    {
        while (!m_isFailed && !stop.stop_requested()) {
            const std::size_t begin = m_next.fetch_add(kRowsPerBlock);
            if (begin >= m_rows.size()) return;
            const std::size_t end = std::min(begin + kRowsPerBlock, m_rows.size());
            for (std::size_t i = begin; i < end; ++i) measure(i);
            if (progress) progress("Tokenising", end, m_rows.size());
        }
    }

    void measure(std::size_t position)
    {
        const auto row = m_source.row(m_rows[position]);
        if (!row) {
            const std::lock_guard lock(m_mutex);
            m_error = row.error();
            m_isFailed = true;
            return;
        }
        const auto pair = m_recipe.tokenise(*row, m_rows[position], m_tokenizer, m_options);
        if (pair) {
            m_lengths[position] = lengthOf(*pair);
            return;
        }
        const std::lock_guard lock(m_mutex);
        m_dropped.push_back(pair.error());
    }

    const RowSource& m_source;
    const std::vector<std::uint32_t>& m_rows;
    const RecipeInfo& m_recipe;
    const Tokenizer& m_tokenizer;
    const RecipeOptions& m_options;
    std::vector<RowLength> m_lengths;  ///< each slot is written by the thread that drew its block
    std::atomic<std::size_t> m_next{0};
    std::atomic<bool> m_isFailed{false};
    std::mutex m_mutex;  ///< protects the fields below
    std::vector<DroppedRow> m_dropped;
    std::optional<Error> m_error;
};

}  // namespace

std::int64_t longestSequence(const PairSource& pairs)
{
    std::uint32_t longest = 0;
    for (std::uint32_t i = 0; i < pairs.size(); ++i) {
        const PairLength length = pairs.length(i);
        longest = std::max({longest, length.chosen, length.rejected});
    }
    return longest;
}

std::uint32_t FixedPairs::size() const
{
    return static_cast<std::uint32_t>(m_pairs.size());
}

Result<TokenPair> FixedPairs::pair(std::uint32_t index) const
{
    return m_pairs.at(index);
}

PairLength FixedPairs::length(std::uint32_t index) const
{
    return lengthOf(m_pairs.at(index));
}

std::uint64_t DropSummary::total() const
{
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : counts) sum += count;
    return sum;
}

void DropSummary::add(const DroppedRow& row)
{
    const bool isFirst = ++counts[row.reason] == 1;
    if (row.reason == DropReason::PromptFillsMaxLength)
        shortestPrompt = isFirst ? row.promptTokens : std::min(shortestPrompt, row.promptTokens);
    if (first.size() < kKeptDrops) first.push_back(row);
}

Result<TokenisedRows> TokenisedRows::build(std::shared_ptr<const RowSource> source, std::vector<std::uint32_t> rows,
                                           const RecipeInfo& recipe, std::shared_ptr<const Tokenizer> tokenizer,
                                           const RecipeOptions& options, const ProgressSink& progress,
                                           std::stop_token stop)
{
    if (rows.empty()) {
        rows.resize(source->size());
        std::iota(rows.begin(), rows.end(), 0U);
    }
    TokenisedRows result;
    result.m_recipe = &recipe;
    result.m_options = options;
    Measurement measurement(*source, rows, recipe, *tokenizer, options);
    TRY_VOID(measurement.run(progress, stop));
    for (const DroppedRow& row : measurement.dropped()) result.m_drops.add(row);

    const std::size_t usable = rows.size() - measurement.dropped().size();
    result.m_usable.reserve(usable);
    result.m_lengths.reserve(usable);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (const RowLength& length = measurement.lengths()[i]) {
            result.m_usable.push_back(rows[i]);
            result.m_lengths.push_back(*length);
        }
    }
    result.m_source = std::move(source);
    result.m_tokenizer = std::move(tokenizer);
    return result;
}

std::uint32_t TokenisedRows::size() const
{
    return static_cast<std::uint32_t>(m_usable.size());
}

Result<TokenPair> TokenisedRows::pair(std::uint32_t index) const
{
    const std::uint32_t row = m_usable.at(index);
    TRY(const Row content, m_source->row(row));
    auto pair = m_recipe->tokenise(content, row, *m_tokenizer, m_options);
    // The row was usable when it was counted, so the file has other content now.
    if (!pair)
        return fail(ErrorCode::Internal, {{"reason", "row " + std::to_string(m_source->sourceNumber(row)) +
                                                         " was usable and is not any more"}});
    return *std::move(pair);
}

PairLength TokenisedRows::length(std::uint32_t index) const
{
    return m_lengths.at(index);
}

void TokenisedRows::keepOnly(const std::vector<std::uint32_t>& rows)
{
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_usable.size(); ++i) {
        if (!std::binary_search(rows.begin(), rows.end(), m_usable[i])) continue;
        m_usable[kept] = m_usable[i];
        m_lengths[kept] = m_lengths[i];
        ++kept;
    }
    m_usable.resize(kept);
    m_lengths.resize(kept);
}

}  // namespace preflab
