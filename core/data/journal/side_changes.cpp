// SPDX-License-Identifier: GPL-3.0-or-later
// Texts set, and sides exchanged.
#include "core/data/journal/side_changes.h"

#include <memory>
#include <utility>

namespace preflab {

void setTexts(RowState& state, const Row& texts, const Row& source)
{
    state.edited.reset();
    state.isSwapped = !areEqual(texts, source) && areEqual(texts, swapped(source));
    if (!areEqual(texts, source) && !state.isSwapped) state.edited = std::make_shared<const Row>(texts);
}

void exchangeSides(RowState& state)
{
    state.isSwapped = !state.isSwapped;
    if (!state.vote) return;
    if (state.vote->vote == Vote::ChosenBetter)
        state.vote->vote = Vote::RejectedBetter;
    else if (state.vote->vote == Vote::RejectedBetter)
        state.vote->vote = Vote::ChosenBetter;
}

}  // namespace preflab
