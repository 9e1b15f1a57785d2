// SPDX-License-Identifier: GPL-3.0-or-later
// What a preparation tells the user: sentences for the log and counts for reports.
#pragma once

#include "core/runs/prepare.h"

namespace preflab {

/// How many of `rows` training rows are used and why others are not, how conversations were rendered and implicit
/// prompts found, what the loader had to leave out.
void addTrainingNotes(PreparedRun& run, const TokenisedRows& train, std::size_t rows);

/// What is evaluated: needs `eval` and, for pairs, `heldOut`. `isOwnFile`: `data` was named as held-out data, and is not
/// a share of the training data.
void addEvaluationNotes(PreparedRun& run, const Dataset& data, std::size_t rows, bool isOwnFile);

/// Settings that have no effect in this run.
void addSettingNotes(PreparedRun& run, const RunSpec& spec);

}  // namespace preflab
