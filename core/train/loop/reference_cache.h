// SPDX-License-Identifier: GPL-3.0-or-later
// The reference pass of a run, or its result from an earlier one.
#pragma once

#include "core/base/result.h"
#include "core/runs/batch_plan.h"
#include "core/train/loop/reference.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"

namespace preflab {

/// Reference log-probs of the job's pairs from the cache, or computed and cached. A cache that cannot be written is a
/// warning. Cancelled when the user wants the run to end.
Result<ReferenceLogProbs> cachedReference(Engine& engine, const TrainingJob& job, const Objective& objective,
                                          const BatchPlan& plan, RunReporter& reporter);

}  // namespace preflab
