// SPDX-License-Identifier: GPL-3.0-or-later
// One row as an export writes it: the texts as they are now, everything else as the source has it.
#pragma once

#include "core/base/json.h"
#include "core/data/ingest/dataset.h"
#include "core/data/rows/row.h"

namespace preflab {

/// `source` is the row as the dataset reads it from `original`; `edited` is what became of it, or nullptr. Its texts are
/// in the layout of the dataset's other rows: a prompt of its own, or sides that begin with the prompt. A message keeps
/// its other keys ("name", "weight") as long as one stands at its position. A row that nobody edited and that has the
/// layout already is `original`. `original` is the row's record with its texts in TRL's columns (SourceColumns), or null
/// where a record does not hold its rows in columns: then the row is its texts alone.
Json exportedRow(const Dataset& data, const Row& source, const Json& original, const Row* edited);

}  // namespace preflab
