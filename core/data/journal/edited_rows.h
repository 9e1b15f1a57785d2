// SPDX-License-Identifier: GPL-3.0-or-later
// Source + journal: rows as they are now, behind the same interface.
#pragma once

#include "core/data/ingest/dataset.h"
#include "core/data/journal/row_state.h"

#include <memory>
#include <vector>

namespace preflab {

/// The same rows under the same numbers, edited ones with their edits; excluded ones are still there. An edited row's
/// raw form is JSON in TRL's columns, every other row's is its own bytes.
std::shared_ptr<const RowSource> makeEditedRows(std::shared_ptr<const RowSource> source, RowStates states);

/// The rows that are not excluded, ascending.
std::vector<std::uint32_t> usedRows(std::uint32_t rows, const RowStates& states);

}  // namespace preflab
