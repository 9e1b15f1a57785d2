// SPDX-License-Identifier: GPL-3.0-or-later
// The training loop: reference, evaluation before, steps, evaluation after, with checkpoints and samples between.
// Real runs, parity runs and tests go through this one loop.
#pragma once

#include "core/data/ingest/dataset.h"
#include "core/model/model_folder.h"
#include "core/runs/backend.h"
#include "core/text/pair_source.h"
#include "core/train/engine/decoder_weights.h"
#include "core/train/loop/communicator.h"
#include "core/train/loop/reference.h"
#include "core/train/objectives/method.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Everything one run works with.
struct TrainingJob {
    const MethodInfo* method = nullptr;
    ParamValues params;  ///< completed
    TrainingOptions options;
    std::shared_ptr<const PairSource> train;    ///< at least one pair
    std::shared_ptr<const PairSource> eval;     ///< by the method's recipe; may be null
    std::shared_ptr<const PairSource> heldOut;  ///< by the DPO recipe; may be null
    std::shared_ptr<const RowSource> rows;      ///< names the rows of a batch that went wrong; may be null
    const ModelFolder* model = nullptr;         ///< config of checkpoints
    const TextModel* text = nullptr;            ///< tokenizer of samples and checkpoints; there where `model` is
    DecoderWeights weights;                     ///< the policy; the loop changes its tensors in place
    RunFolders folders;                         ///< an empty one: nothing is written there
    std::string modelHash, dataKey;             ///< name the reference's cache
    std::vector<std::string> samplePrompts;
    Communicator* communicator = &oneProcess();  ///< outlives the job; of several processes, only one has folders
    /// State of an earlier run of the same job, whose parameters `weights` are; none: from the beginning.
    std::optional<std::filesystem::path> resumeFrom = {};
};

class RunClock;
class RunReporter;
struct TrainingState;

/// Sees what a run's log does not hold. Called on the run's thread.
class LoopObserver {
public:
    virtual ~LoopObserver() = default;
    /// Before the first step of a method with a reference.
    virtual void onReference(const ReferenceLogProbs&) {}
    /// The gradients of `step` are complete, not yet clipped.
    virtual void onGradients(std::int64_t /*step*/, const DecoderWeights&) {}
    /// A step is done and logged.
    virtual void onStep(const TrainingState&) {}
};

/// Name below the run's folder of the weights after the last step.
inline constexpr const char* kFinalModelFolder = "model";
/// Name below the run's folder of the weights after `step`: "checkpoint-100".
std::string checkpointFolder(std::int64_t step);
/// File below the run's folder with the rows of the batch whose loss or gradient was not finite:
/// {"step", "what", "rows"}, rows as numbered in the source file.
inline constexpr const char* kBadBatchFile = "non_finite_batch.json";

/// Runs the job to its end. Stop-and-save leaves a checkpoint of the step that was finished; cancel leaves nothing.
/// Where the last weights cannot be saved, the run waits until they can be, or is cancelled: Failed, with the reason.
/// A loss that is not finite ends the run before the weights move; those are saved as a checkpoint.
Outcome runTrainingLoop(TrainingJob& job, RunClock& clock, RunReporter& reporter, LoopObserver& observer);

/// What every method's training rows hold besides its own metrics.
const std::vector<MetricDescription>& loopDescriptions();

}  // namespace preflab
