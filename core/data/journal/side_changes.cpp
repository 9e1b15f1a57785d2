// SPDX-License-Identifier: GPL-3.0-or-later
// Sides exchanged, and votes followed.
#include "core/data/journal/side_changes.h"

#include <unordered_map>
#include <utility>

namespace preflab {

void setTexts(RowState& state, const Row& texts, const Row& source)
{
    if (areEqual(texts, source))
        state.edited.reset();
    else
        state.edited = texts;
}

void exchangeSides(RowState& state, const Row& source)
{
    setTexts(state, swapped(state.edited.value_or(source)), source);
    if (!state.vote) return;
    if (state.vote->vote == Vote::ChosenBetter)
        state.vote->vote = Vote::RejectedBetter;
    else if (state.vote->vote == Vote::RejectedBetter)
        state.vote->vote = Vote::ChosenBetter;
}

std::vector<std::uint32_t> contradictedRows(const RowStates& states)
{
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t row : states.rows()) {
        const RowState& state = *states.find(row);
        if (state.isExcluded || !state.vote) continue;
        if (state.vote->vote != Vote::ChosenBetter && state.vote->vote != Vote::Skipped) rows.push_back(row);
    }
    return rows;
}

Result<Journal::Modify> acceptVotes(const RowSource& source, const std::vector<std::uint32_t>& rows)
{
    const auto texts = std::make_shared<std::unordered_map<std::uint32_t, Row>>();
    for (const std::uint32_t row : rows) {
        TRY(Row read, source.row(row));
        texts->emplace(row, std::move(read));
    }
    return Journal::Modify([texts](std::uint32_t row, RowState& state) {
        const auto found = texts->find(row);
        if (!state.vote || found == texts->end()) return;
        if (state.vote->vote == Vote::RejectedBetter)
            exchangeSides(state, found->second);
        else if (state.vote->vote == Vote::Tie || state.vote->vote == Vote::BothBad)
            state.isExcluded = true;
    });
}

}  // namespace preflab
