// SPDX-License-Identifier: GPL-3.0-or-later
// What a preparation tells the user: sentences for the log and counts for reports.
#pragma once

#include "core/runs/prepare.h"

namespace preflab {

/// How many of `rows` training rows are used and why others are not, how conversations were rendered and implicit
/// prompts found, what the loader had to leave out.
void addTrainingNotes(PreparedRun& run, const TokenisedRows& train, std::size_t rows);

/// What is evaluated: needs `eval` and, for pairs, `heldOut`.
void addEvaluationNotes(PreparedRun& run, const Dataset& data, std::size_t rows);

}  // namespace preflab
