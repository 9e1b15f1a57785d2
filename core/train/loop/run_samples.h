// SPDX-License-Identifier: GPL-3.0-or-later
// The answers that a run records before, between and after its steps.
#pragma once

#include "core/base/result.h"
#include "core/train/engine/engine.h"
#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"

#include <cstdint>
#include <string>

namespace preflab {

/// Answers the job's sample prompts greedily and notes each answer; `when` is "before", "step 20" or "after".
/// Cancelled within an answer when the user wants the run to end.
Result<> sampleAnswers(Engine& engine, const TrainingJob& job, const std::string& when, std::int64_t step,
                       RunClock& clock, RunReporter& reporter);

}  // namespace preflab
