// SPDX-License-Identifier: GPL-3.0-or-later
// Cheap conditions first; only rows that they leave are searched.
#include "core/data/view/view_index.h"

#include "core/data/view/row_search.h"
#include "core/data/view/view_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace preflab {
namespace {

bool hasTag(const RowState* state, const std::string& tag)
{
    return state != nullptr && std::find(state->tags.begin(), state->tags.end(), tag) != state->tags.end();
}

/// The conditions on what was done to a row.
bool fitsState(const RowState* state, const ViewQuery& query)
{
    const bool isExcluded = state != nullptr && state->isExcluded;
    const bool isLabelled = state != nullptr && state->vote.has_value();
    if (query.exclusion == ExclusionFilter::OnlyUsed && isExcluded) return false;
    if (query.exclusion == ExclusionFilter::OnlyExcluded && !isExcluded) return false;
    if (query.label == LabelFilter::Labelled && !isLabelled) return false;
    if (query.label == LabelFilter::Unlabelled && isLabelled) return false;
    if (query.vote && !(isLabelled && state->vote->vote == *query.vote)) return false;
    if (query.isEditedOnly && !(state != nullptr && state->isEdited())) return false;
    return query.tag.empty() || hasTag(state, query.tag);
}

bool asksForFigures(const ViewQuery& query)
{
    return query.flags != 0 || !query.lengthGap.isOpen() || !query.length.isOpen();
}

/// The conditions on figures.
bool fitsFigures(const ViewInputs& inputs, std::uint32_t row, const ViewQuery& query)
{
    if (query.flags != 0 && (inputs.figures(row)->flags & query.flags) == 0) return false;
    if (query.lengthGap.isOpen() && query.length.isOpen()) return true;
    const auto lengths = inputs.lengths(row);
    return lengths && query.lengthGap.holds(std::abs(lengths->chosen - lengths->rejected)) &&
           query.length.holds(lengths->prompt + std::max(lengths->chosen, lengths->rejected));
}

/// 1 for each row that the conditions leave, the search apart.
std::vector<std::uint8_t> fittingRows(const ViewInputs& inputs, const ViewQuery& query)
{
    const std::uint32_t size = inputs.source->size();
    std::vector<std::uint8_t> kept(size, query.rows ? 0 : 1);
    if (query.rows) {
        for (const std::uint32_t row : *query.rows) {
            if (row < size) kept[row] = 1;
        }
    }
    if (asksForFigures(query) && inputs.columns) {
        for (std::uint32_t row = 0; row < size; ++row) {
            if (kept[row] != 0 && !fitsFigures(inputs, row, query)) kept[row] = 0;
        }
    }
    // Nearly all rows are untouched, and what holds for one of them holds for all.
    const bool doUntouchedFit = fitsState(nullptr, query);
    std::vector<std::pair<std::uint32_t, std::uint8_t>> touched;
    for (const std::uint32_t row : inputs.states.rows()) {
        const bool isKept = kept[row] != 0 && fitsState(inputs.states.find(row), query);
        touched.emplace_back(row, isKept ? 1 : 0);
    }
    if (!doUntouchedFit) std::fill(kept.begin(), kept.end(), std::uint8_t{0});
    for (const auto& [row, isKept] : touched) kept[row] = isKept;
    return kept;
}

/// Searches the source, and edited rows in what they say now.
Result<> keepFound(const ViewInputs& inputs, const std::string& text, std::vector<std::uint8_t>& kept,
                   const std::stop_token& stop)
{
    TRY(const auto search, RowSearch::compile(text));
    std::vector<std::uint32_t> edited;
    for (const std::uint32_t row : inputs.states.rows()) {
        if (kept[row] != 0 && inputs.states.find(row)->isEdited()) edited.push_back(row);
    }
    for (const std::uint32_t row : edited) kept[row] = 0;
    TRY_VOID(search.keepMatching(*inputs.source, kept, stop));
    for (const std::uint32_t number : edited) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(const Row row, inputs.rows->row(number));
        kept[number] = search.matches(row) ? 1 : 0;
    }
    return {};
}

std::vector<std::uint32_t> collect(const std::vector<std::uint8_t>& kept)
{
    std::vector<std::uint32_t> rows;
    rows.reserve(static_cast<std::size_t>(std::count(kept.begin(), kept.end(), std::uint8_t{1})));
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i] != 0) rows.push_back(static_cast<std::uint32_t>(i));
    }
    return rows;
}

}  // namespace

bool ViewQuery::isFiltered() const
{
    ViewQuery unfiltered;
    unfiltered.sort = sort;
    unfiltered.order = order;
    return !(*this == unfiltered);
}

const RowFigures* ViewInputs::figures(std::uint32_t row) const
{
    if (!columns) return nullptr;
    const EditedFigures* now = edited.find(row);
    return now != nullptr ? &now->figures : &(*columns)[row];
}

const TokenLengths* ViewInputs::tokenLengths(std::uint32_t row) const
{
    if (!tokens) return nullptr;
    const EditedFigures* now = edited.find(row);
    return now != nullptr ? &now->tokens : &(*tokens)[row];
}

std::optional<ViewInputs::Lengths> ViewInputs::lengths(std::uint32_t row) const
{
    if (const TokenLengths* counted = tokenLengths(row)) {
        if (!counted->isKnown()) return std::nullopt;
        return Lengths{counted->prompt, counted->chosen, counted->rejected};
    }
    const RowFigures* measured = figures(row);
    if (measured == nullptr) return std::nullopt;
    return Lengths{measured->promptLength, measured->chosenLength, measured->rejectedLength};
}

Result<ViewIndex> ViewIndex::build(const ViewInputs& inputs, const ViewQuery& query, std::stop_token stop)
{
    ViewIndex index;
    index.m_query = query;
    if (query.isFiltered()) {
        auto kept = fittingRows(inputs, query);
        if (!query.search.empty()) TRY_VOID(keepFound(inputs, query.search, kept, stop));
        index.m_rows = collect(kept);
    } else {
        index.m_rows.resize(inputs.source->size());
        std::iota(index.m_rows.begin(), index.m_rows.end(), 0U);
    }
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
    TRY_VOID(sortRows(inputs, query.sort, query.order, index.m_rows, stop));
    return index;
}

std::optional<std::uint32_t> ViewIndex::positionOf(std::uint32_t row) const
{
    const auto found = std::find(m_rows.begin(), m_rows.end(), row);
    if (found == m_rows.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - m_rows.begin());
}

}  // namespace preflab
