// SPDX-License-Identifier: GPL-3.0-or-later
// A run that is over, as a table and as JSON.
#pragma once

#include "app/cli/text_table.h"
#include "core/runs/run_summary.h"

#include <vector>

namespace preflab {

/// Held-out numbers before and after as a table for people.
TextTable heldOutTable(const std::vector<BeforeAfter>& rows);
/// Held-out numbers and answers as JSON.
Json summaryJson(const RunLog& log);

}  // namespace preflab
