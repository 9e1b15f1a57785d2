// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers are sorted together with their rows as 64-bit words; texts by their keys, and where those are equal by what
// follows.
#include "core/data/view/view_order.h"

#include "core/base/parallel.h"
#include "core/data/rows/row_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <tuple>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kComparedBytes = 100;
constexpr std::size_t kRowsPerBlock = 512;
constexpr std::size_t kReadAtOnce = 65'536;  ///< rows whose texts are held in memory

std::uint32_t flagRank(const RowFigures& figures)
{
    std::uint32_t rank = 0;
    for (const RowFlag flag : kRowFlags) rank = rank * 2 + (figures.has(flag) ? 1 : 0);
    return rank;
}

/// The number that a row is sorted by; rows without one come first when ascending.
std::uint32_t numberOf(const ViewInputs& inputs, ViewColumn column, std::uint32_t row)
{
    if (column == ViewColumn::Label) {
        const RowState* state = inputs.states.find(row);
        return state != nullptr && state->vote ? static_cast<std::uint32_t>(state->vote->vote) + 1 : 0;
    }
    const RowFigures* figures = inputs.figures(row);
    const auto lengths = inputs.lengths(row);
    const auto known = [&lengths](std::int64_t value) { return lengths ? static_cast<std::uint32_t>(value) + 1 : 0; };
    switch (column) {
    case ViewColumn::Turns:
        return figures->turns;
    case ViewColumn::Similarity:
        return figures->similarity;
    case ViewColumn::Flags:
        return flagRank(*figures);
    case ViewColumn::PromptLength:
        return known(lengths ? lengths->prompt : 0);
    case ViewColumn::ChosenLength:
        return known(lengths ? lengths->chosen : 0);
    case ViewColumn::RejectedLength:
        return known(lengths ? lengths->rejected : 0);
    case ViewColumn::LengthGap:
        return known(lengths ? std::abs(lengths->chosen - lengths->rejected) : 0);
    default:
        return row;
    }
}

void sortByNumber(const ViewInputs& inputs, ViewColumn column, ViewOrder order, std::vector<std::uint32_t>& rows)
{
    std::vector<std::uint64_t> keys(rows.size());
    std::transform(rows.begin(), rows.end(), keys.begin(), [&](std::uint32_t row) {
        const std::uint32_t number = numberOf(inputs, column, row);
        return std::uint64_t{order == ViewOrder::Ascending ? number : ~number} << 32 | row;
    });
    std::sort(keys.begin(), keys.end());
    std::transform(keys.begin(), keys.end(), rows.begin(),
                   [](std::uint64_t key) { return static_cast<std::uint32_t>(key); });
}

/// A text's key in words that compare as its bytes do.
struct TextKey {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::uint32_t third = 0;
    std::uint32_t row = 0;

    bool isWholeText() const { return (third & 0xFFU) == 0; }
    auto bytes() const { return std::tuple(first, second, third); }
};

TextKey textKeyOf(const RowFigures& figures, std::uint32_t row)
{
    const auto word = [&figures](std::size_t begin, std::size_t size) {
        std::uint64_t value = 0;
        for (std::size_t i = begin; i < begin + size; ++i) value = value << 8 | figures.promptKey[i];
        return value;
    };
    return {word(0, 8), word(8, 8), static_cast<std::uint32_t>(word(16, 4)), row};
}

Result<std::string> longKeyOf(const ViewInputs& inputs, std::uint32_t row)
{
    TRY(const Row given, inputs.rows->row(row));
    const Row shown = shownRow(given);
    const auto text = lastTurn(shown.prompt.index() != 0 ? shown.prompt : shown.chosen).substr(0, kComparedBytes);
    std::string key(text);
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte; });
    return key;
}

/// Stretches of rows whose keys are equal, sorted by more of their texts. Read together, so that all cores have work
/// however short the stretches are.
class EqualKeys {
public:
    EqualKeys(const ViewInputs& inputs, ViewOrder order, std::vector<std::uint32_t>& rows, const std::stop_token& stop)
        : m_inputs(inputs), m_order(order), m_rows(rows), m_stop(stop)
    {
    }

    /// Rows [begin, end) have one key.
    Result<> add(std::size_t begin, std::size_t end)
    {
        m_stretches.emplace_back(m_keys.size(), begin);
        for (std::size_t i = begin; i < end; ++i) m_keys.emplace_back(std::string(), m_rows[i]);
        return m_keys.size() < kReadAtOnce ? Result<>() : sort();
    }

    /// Sorts what was added since the last time.
    Result<> sort()
    {
        const auto read = [this](std::size_t from, std::size_t to) -> Result<> {
            for (std::size_t i = from; i < to; ++i) {
                TRY(m_keys[i].first, longKeyOf(m_inputs, m_keys[i].second));
            }
            return {};
        };
        TRY_VOID(forEachBlock(m_keys.size(), kRowsPerBlock, m_stop, read));
        m_stretches.emplace_back(m_keys.size(), 0);
        for (std::size_t i = 0; i + 1 < m_stretches.size(); ++i) {
            const auto first = m_keys.begin() + static_cast<std::ptrdiff_t>(m_stretches[i].first);
            const auto end = m_keys.begin() + static_cast<std::ptrdiff_t>(m_stretches[i + 1].first);
            std::stable_sort(first, end, [this](const auto& left, const auto& right) {
                return m_order == ViewOrder::Ascending ? left.first < right.first : right.first < left.first;
            });
            std::transform(first, end, m_rows.begin() + static_cast<std::ptrdiff_t>(m_stretches[i].second),
                           [](const auto& key) { return key.second; });
        }
        m_keys.clear();
        m_stretches.clear();
        return {};
    }

private:
    const ViewInputs& m_inputs;
    const ViewOrder m_order;
    std::vector<std::uint32_t>& m_rows;
    const std::stop_token& m_stop;
    std::vector<std::pair<std::string, std::uint32_t>> m_keys;     ///< long keys of all stretches, and their rows
    std::vector<std::pair<std::size_t, std::size_t>> m_stretches;  ///< where each begins in m_keys, and in m_rows
};

Result<> sortByText(const ViewInputs& inputs, ViewOrder order, std::vector<std::uint32_t>& rows,
                    const std::stop_token& stop)
{
    std::vector<TextKey> keys(rows.size());
    std::transform(rows.begin(), rows.end(), keys.begin(),
                   [&](std::uint32_t row) { return textKeyOf(*inputs.figures(row), row); });
    std::sort(keys.begin(), keys.end(), [order](const TextKey& left, const TextKey& right) {
        if (left.bytes() == right.bytes()) return left.row < right.row;
        return order == ViewOrder::Ascending ? left.bytes() < right.bytes() : right.bytes() < left.bytes();
    });
    std::transform(keys.begin(), keys.end(), rows.begin(), [](const TextKey& key) { return key.row; });
    EqualKeys equal(inputs, order, rows, stop);
    for (std::size_t begin = 0; begin < keys.size();) {
        std::size_t end = begin + 1;
        while (end < keys.size() && keys[end].bytes() == keys[begin].bytes()) ++end;
        if (end - begin > 1 && !keys[begin].isWholeText()) {
            TRY_VOID(equal.add(begin, end));
        }
        begin = end;
    }
    return equal.sort();
}

}  // namespace

Result<> sortRows(const ViewInputs& inputs, ViewColumn column, ViewOrder order, std::vector<std::uint32_t>& rows,
                  const std::stop_token& stop)
{
    if (column == ViewColumn::Number) {
        if (order == ViewOrder::Descending) std::reverse(rows.begin(), rows.end());
        return {};
    }
    // Without figures, rows stay in file order until they are measured.
    if (column != ViewColumn::Label && !inputs.columns) return {};
    if (column == ViewColumn::Prompt) return sortByText(inputs, order, rows, stop);
    sortByNumber(inputs, column, order, rows);
    return {};
}

}  // namespace preflab
