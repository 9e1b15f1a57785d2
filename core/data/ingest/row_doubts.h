// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that are loaded although they are hardly meant so: empty answers, equal sides, prompts that cannot be found or are repeated.
#pragma once

#include "core/data/ingest/findings.h"
#include "core/data/rows/prompt_split.h"
#include "core/data/rows/row.h"

#include <string>
#include <vector>

namespace preflab {

/// One doubt about a row.
struct RowDoubt {
    Finding::Kind kind = Finding::Kind::EmptySide;
    std::string reason;  ///< "\"chosen\" is empty"
};

/// The doubts about a row, as it is in the file or as it was edited, if an implicit prompt is found by that rule. Where a
/// side is empty or both are the same, the prompt is not asked for.
std::vector<RowDoubt> doubtsOf(const Row& row, SplitRule rule);

}  // namespace preflab
