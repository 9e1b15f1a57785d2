// SPDX-License-Identifier: GPL-3.0-or-later
// Token pairs behind one interface.
#include "core/text/pair_source.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace preflab {

std::int64_t longestSequence(const PairSource& pairs)
{
    std::uint32_t longest = 0;
    for (std::uint32_t i = 0; i < pairs.size(); ++i) {
        const PairLength length = pairs.length(i);
        longest = std::max({longest, length.chosen, length.rejected});
    }
    return longest;
}

std::uint64_t pairsLongerThan(const PairSource& pairs, std::int64_t tokens)
{
    std::uint64_t count = 0;
    for (std::uint32_t i = 0; i < pairs.size(); ++i) {
        const PairLength length = pairs.length(i);
        if (std::max(length.chosen, length.rejected) > tokens) ++count;
    }
    return count;
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
    const TokenPair& pair = m_pairs.at(index);
    return {static_cast<std::uint32_t>(pair.chosen.ids.size()), static_cast<std::uint32_t>(pair.rejected.ids.size())};
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
}

Result<StoredPairs> StoredPairs::select(std::shared_ptr<const TokenStore> store, const std::vector<std::uint32_t>& rows,
                                        std::optional<std::int64_t> maxLength)
{
    StoredPairs pairs;
    pairs.m_maxLength = maxLength;
    const bool needsRejected = store->recipe().needsRejected;
    const std::uint64_t limit =
        maxLength ? static_cast<std::uint64_t>(*maxLength) : std::numeric_limits<std::uint64_t>::max();
    const auto kept = [limit](const SideEntry& side) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(side.tokens, limit));
    };
    TRY_VOID(store->forEach([&](std::uint32_t row, const TokenEntry& entry, const TokenPlace& place) {
        if (!rows.empty() && !std::ranges::binary_search(rows, row)) return;
        if (const auto dropped = dropAt(entry, row, needsRejected, maxLength))
            pairs.m_drops.add(*dropped);
        else
            pairs.m_items.push_back({place,
                                     row,
                                     {kept(entry.chosen), kept(entry.rejected)},
                                     std::max<std::uint64_t>(entry.chosen.tokens, entry.rejected.tokens) > limit});
    }));
    pairs.m_items.shrink_to_fit();
    pairs.m_store = std::move(store);
    return pairs;
}

std::uint32_t StoredPairs::size() const
{
    return static_cast<std::uint32_t>(m_items.size());
}

Result<TokenPair> StoredPairs::pair(std::uint32_t index) const
{
    const Item& item = m_items.at(index);
    TRY(TokenPair whole, m_store->read(item.place));
    whole.row = item.row;
    auto pair = truncated(std::move(whole), m_store->recipe().needsRejected, m_maxLength);
    // The entry said that it can be used.
    if (!pair) return fail(ErrorCode::Internal, {{"reason", "a stored row has other tokens than its entry says"}});
    return *std::move(pair);
}

PairLength StoredPairs::length(std::uint32_t index) const
{
    return m_items.at(index).length;
}

void StoredPairs::keepOnly(const std::vector<std::uint32_t>& rows)
{
    std::erase_if(m_items, [&rows](const Item& item) { return !std::ranges::binary_search(rows, item.row); });
}

std::uint64_t StoredPairs::shortened() const
{
    return static_cast<std::uint64_t>(std::ranges::count_if(m_items, &Item::isShortened));
}

std::vector<std::uint32_t> StoredPairs::usableRows() const
{
    std::vector<std::uint32_t> rows;
    rows.reserve(m_items.size());
    for (const Item& item : m_items) rows.push_back(item.row);
    return rows;
}

}  // namespace preflab
