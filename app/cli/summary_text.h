// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a run or of rows, as a table, a sentence and JSON.
#pragma once

#include "app/cli/console.h"
#include "app/cli/text_table.h"
#include "core/runs/run_summary.h"
#include "core/text/row_counts.h"

#include <string>
#include <vector>

namespace preflab {

/// Held-out numbers before and after as a table for people.
TextTable heldOutTable(const std::vector<BeforeAfter>& rows);
/// What a table of these metrics measures: what accuracies compare, and how ties count. A line below every table of held-out
/// numbers.
std::string heldOutLegend(const std::vector<std::string>& metrics);
/// The same for one run's numbers.
std::string heldOutLegend(const std::vector<BeforeAfter>& rows);
/// Held-out numbers and answers as JSON.
Json summaryJson(const RunLog& log);

/// `after` as JSON has it: null where it was not measured.
Json afterJson(const BeforeAfter& row);

/// Every prompt with each of its answers, for people.
void printSamples(Console& console, const RunLog& log);

/// What a command left out of its rows and parts of rows, for its closing line: "; left out: 2 because they could not be
/// read; cut at the maximum length: 4; not read by the model: name of messages (3 rows)". Empty if it used everything.
std::string leftOutEnding(const RowCounts& counts);
/// The same for programs, into an object: "left_out" (rows), "left_out_because", "shortened", "not_rendered", and
/// "found": how many rows there are of each doubt.
void addLeftOut(Json& object, const RowCounts& counts);
/// Edits that do not count, and the doubts about rows that were used, a line each, beside a result that other programs may
/// read.
void printDoubts(Console& console, const RowCounts& counts);

}  // namespace preflab
