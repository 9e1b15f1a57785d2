// SPDX-License-Identifier: GPL-3.0-or-later
// What a run leaves behind: checkpoints, the final model, samples, the cached reference, the batch that went wrong.
#pragma once

#include "core/base/result.h"
#include "core/runs/batch_plan.h"
#include "core/train/checkpoint.h"
#include "core/train/loop/reference.h"
#include "core/train/loop/run_pulse.h"
#include "core/train/loop/train_loop.h"

#include <cstdint>
#include <string>

namespace preflab {

/// Writes below the job's folders; an empty folder means that nothing is written. Job and pulse outlive it.
class RunFiles {
public:
    RunFiles(TrainingJob& job, RunPulse& pulse) : m_job(job), m_pulse(pulse) {}

    /// Reads what checkpoints take from the model's folder; to be called while it is still there.
    Result<> begin();
    /// "checkpoint-<step>", unless these weights were saved already.
    Result<> saveCheckpoint(std::int64_t step);
    /// The same; a failure (a full disk) is a warning, so that a long run goes on.
    void trySaveCheckpoint(std::int64_t step);
    /// "model": the weights after the last step. What cannot be saved (a full disk) would be lost: the run is paused
    /// and tries again until it succeeds, or the user cancels. Then it is the error of the last try. A run whose folder is
    /// gone does not wait: ProjectGone.
    Result<> saveFinalModel(std::int64_t step);
    /// The same for the checkpoint that a stop leaves.
    Result<> saveLastCheckpoint(std::int64_t step);
    /// Answers the job's sample prompts greedily; `when` is "before", "step 20" or "after".
    Result<> sample(Engine& engine, const std::string& when, std::int64_t step);
    /// Reference log-probs from the cache, or computed and cached. A cache that cannot be written is a warning.
    Result<ReferenceLogProbs> reference(Engine& engine, const Objective& objective, const BatchPlan& plan,
                                        const PassTick& tick);
    /// The error of a failed step as the run reports it. For LossNotFinite the batch's rows and the last good
    /// weights are saved first.
    Result<> explain(Error error, const StepBatches& batches);

private:
    Result<> save(const std::string& folder, std::int64_t step);
    Result<> saveOrWait(const std::string& folder, std::int64_t step);
    Result<> saveBadBatch(const Error& error, const StepBatches& batches);

    TrainingJob& m_job;
    RunPulse& m_pulse;
    CheckpointSource m_source;
    std::int64_t m_savedStep = 0;
    std::string m_savedFolder;
};

}  // namespace preflab
