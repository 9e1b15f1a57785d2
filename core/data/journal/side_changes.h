// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of rows that concern their sides: exchanging them, and doing what votes say.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal.h"
#include "core/data/journal/row_state.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace preflab {

/// Makes `texts` what the row says. The source's own texts are no edit.
void setTexts(RowState& state, const Row& texts, const Row& source);

/// Exchanges chosen and rejected, and with them what a vote says of them.
void exchangeSides(RowState& state, const Row& source);

/// Rows that are used although their vote speaks against it: another answer is better, or neither is. Ascending.
std::vector<std::uint32_t> contradictedRows(const RowStates& states);

/// Does what votes say, for Journal::post with JournalAction::Accept: exchanges the sides where the rejected answer is
/// better, leaves out ties and pairs of which both are bad. Other rows stay as they are. Reads `rows` of the source now.
Result<Journal::Modify> acceptVotes(const RowSource& source, const std::vector<std::uint32_t>& rows);

}  // namespace preflab
