// SPDX-License-Identifier: GPL-3.0-or-later
// From an order to a job for the training loop: prepared data, memory checked, weights loaded.
#pragma once

#include "core/base/result.h"
#include "core/plan/placement.h"
#include "core/runs/prepare.h"
#include "core/train/loop/train_loop.h"

#include <cstdint>
#include <memory>
#include <stop_token>

namespace preflab {

/// A prepared run and what it will need.
struct RunSetup {
    const MethodInfo* method = nullptr;
    std::shared_ptr<PreparedRun> prepared;
    Placement placement;
    MemoryParts memory;  ///< predicted peak of the process
};

/// Sets the thread count of the calling thread and opens model and data. Errors of prepareRun and UnknownMethod.
Result<RunSetup> prepareSetup(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                              const ProgressSink& progress, std::stop_token stop);

/// Loads the weights. The setup's `prepared` outlives the job.
Result<TrainingJob> makeJob(const RunSetup& setup, const RunSpec& spec, const RunFolders& folders);

}  // namespace preflab
