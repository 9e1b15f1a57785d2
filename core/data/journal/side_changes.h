// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of rows that concern their sides: exchanging them, and doing what votes say.
#pragma once

#include "core/data/journal/row_state.h"

namespace preflab {

/// Makes `texts` what the row says. The source's own texts are no edit.
void setTexts(RowState& state, const Row& texts, const Row& source);

/// Exchanges chosen and rejected, and with them what a vote says of them.
void exchangeSides(RowState& state);

/// Does what the row's vote says, for Journal::post with JournalAction::Accept: exchanges the sides where the rejected
/// answer is better, leaves out ties and pairs of which both are bad. Other rows stay as they are.
void acceptVote(RowState& state);

}  // namespace preflab
