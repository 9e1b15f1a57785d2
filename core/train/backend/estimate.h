// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will take, from one timed step on its own first batch.
#pragma once

#include "core/base/result.h"
#include "core/runs/backend.h"

#include <stop_token>

namespace preflab {

/// Prepares the run, times a forward pass and a whole step, and extrapolates: reference pass, steps, evaluations.
/// With too little memory nothing is timed and the seconds are 0. Errors of preparing; Cancelled.
Result<Estimate> estimateRun(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                             const ProgressSink& progress, std::stop_token stop);

}  // namespace preflab
