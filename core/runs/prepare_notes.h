// SPDX-License-Identifier: GPL-3.0-or-later
// What a preparation tells the user: sentences for the log and counts for reports.
#pragma once

#include "core/runs/prepare.h"

#include <optional>
#include <string>

namespace preflab {

/// How many of `rows` training rows are used and why others are not, how many lose tokens at the maximum length, how
/// conversations were rendered and implicit prompts found, what the loader had to leave out or doubts. Needs `rows` of the
/// run. `arePairs`: both answers are learned from.
void addTrainingNotes(PreparedRun& run, std::size_t rows, bool arePairs);

/// What is evaluated of `rows` held-out rows, and what became of the others: needs `eval` and, for pairs, `heldOut`. Of a
/// file that is not trained on, too, all that addTrainingNotes says of one.
/// `isOwnFile`: `data` was named as held-out data, and is not a share of the training data.
void addEvaluationNotes(PreparedRun& run, const Dataset& data, std::size_t rows, const RowCounts& counts,
                        bool isOwnFile);

/// How many of the held-out rows of `data` are trained on as well: into the counts, and a warning. Needs `eval`.
/// `isOwnFile`: as in addEvaluationNotes.
void addSharedNote(PreparedRun& run, const Dataset& data, std::uint32_t shared, bool isOwnFile);

/// That the epochs of a run with a number of steps have no effect; nothing where they were not asked for.
std::optional<std::string> epochsNote(const RunSpec& spec);

/// Settings that have no effect in this run, or that are hardly meant so (start_checks.h). Needs `rows` and `train`.
void addSettingNotes(PreparedRun& run, const RunSpec& spec);

/// Pairs that are longer than the positions the model was made for. TRL trains them like any other.
void addLengthWarning(PreparedRun& run);

}  // namespace preflab
