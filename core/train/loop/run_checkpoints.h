// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that a run leaves behind: checkpoints, the final model, and what explains a step that went wrong.
#pragma once

#include "core/base/result.h"
#include "core/runs/batch_plan.h"
#include "core/train/checkpoint.h"
#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"

#include <cstdint>
#include <string>

namespace preflab {

/// Writes below the job's folders; an empty folder means that nothing is written. Job, clock and reporter outlive it.
class RunCheckpoints {
public:
    RunCheckpoints(TrainingJob& job, RunClock& clock, RunReporter& reporter)
        : m_job(job), m_clock(clock), m_reporter(reporter)
    {
    }

    /// Reads what checkpoints take from the model's folder; to be called while it is still there.
    Result<> begin();
    /// "checkpoint-<step>", unless these weights were saved already. RunFolderGone, ProjectGone, as for every save.
    Result<> saveCheckpoint(std::int64_t step);
    /// The same; a failure (a full disk) is a warning, so that a long run goes on. Of failures in a row only the first is said,
    /// and their end.
    void trySaveCheckpoint(std::int64_t step);
    /// "model": the weights after the last step. What cannot be saved (a full disk) would be lost: the run is paused
    /// and tries again until it succeeds, or the user cancels. Then it is the error of the last try. A run whose folder is
    /// gone does not wait: RunFolderGone, ProjectGone.
    Result<> saveFinalModel(std::int64_t step);
    /// The same for the checkpoint that a stop leaves.
    Result<> saveLastCheckpoint(std::int64_t step);
    /// The error of a failed step as the run reports it. For LossNotFinite the batch's rows and the last good
    /// weights are saved first.
    Result<> explain(Error error, const StepBatches& batches);

private:
    Result<> save(const std::string& folder, std::int64_t step);
    void saySavedAgain(std::int64_t step);
    Result<> saveOrWait(const std::string& folder, std::int64_t step);
    Result<> saveBadBatch(const Error& error, const StepBatches& batches);

    TrainingJob& m_job;
    RunClock& m_clock;
    RunReporter& m_reporter;
    CheckpointSource m_source;
    std::int64_t m_savedStep = 0;
    std::string m_savedFolder;
    std::int64_t m_unsaved = 0;  ///< checkpoints in a row that could not be saved
};

}  // namespace preflab
