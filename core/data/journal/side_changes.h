// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of rows that concern their sides: other texts, or the same exchanged.
#pragma once

#include "core/data/journal/row_state.h"

namespace preflab {

/// Makes `texts` what the row says. The source's own texts are no edit.
void setTexts(RowState& state, const Row& texts, const Row& source);

/// Exchanges chosen and rejected, and with them what a vote says of them.
void exchangeSides(RowState& state);

}  // namespace preflab
