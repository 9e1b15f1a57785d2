// SPDX-License-Identifier: GPL-3.0-or-later
// What a run's log says once it is over: held-out numbers before and after, checkpoints.
#pragma once

#include "app/cli/text_table.h"
#include "core/runs/run_log.h"

#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// A metric at the first and the last evaluation.
struct BeforeAfter {
    std::string metric;
    double before = 0.0;
    double after = 0.0;
    std::int64_t afterStep = 0;
};

/// Every heldout/* metric, in the order of their names' first appearance; empty without held-out pairs.
std::vector<BeforeAfter> heldOutBeforeAfter(const RunLog& log);
/// The same as a table for people.
TextTable heldOutTable(const std::vector<BeforeAfter>& rows);
/// The last checkpoint's folder name below the run's folder.
std::optional<std::string> lastCheckpoint(const RunLog& log);

/// Held-out numbers and answers as JSON.
Json summaryJson(const RunLog& log);

}  // namespace preflab
