// SPDX-License-Identifier: GPL-3.0-or-later
// Timing one step.
#include "core/train/backend/estimate.h"

#include "core/base/system.h"
#include "core/plan/pair_batches.h"
#include "core/train/backend/run_setup.h"
#include "core/train/engine/readable_engine.h"
#include "core/train/loop/training_step.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace preflab {
namespace {

/// Seconds of the two things that runs consist of.
struct Timing {
    double forward = 0.0;  ///< all micro-batches of a step without gradients
    double step = 0.0;
};

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

/// Forward passes over the first step's micro-batches; their log-probs stand in for the reference.
Result<ReferenceLogProbs> forwardStep(const TrainingJob& job, const Objective& objective, Engine& engine,
                                      const StepBatches& batches)
{
    ReferenceLogProbs reference(job.train->size());
    for (const auto& indices : batches.microBatches) {
        TRY(const std::vector<TokenPair> pairs, drawPairs(*job.train, indices));
        const SequenceSums sums = engine.evaluate({pairs, objective.sides()}, objective.sums());
        if (objective.needsReference()) reference.set(indices, objective.answerLogProbs(sums));
    }
    return reference;
}

Result<Timing> timeFirstStep(const TrainingJob& job, const BatchPlan& plan, const std::stop_token& stop)
{
    const StepBatches batches = plan.batchesOf(1);
    // The first pass pays for allocations and thread pools, so it is not the one that counts.
    const std::unique_ptr<Engine> engine = makeReadableEngine(job.weights);
    const Objective objective(*job.method, job.params);
    TRY(ReferenceLogProbs reference, forwardStep(job, objective, *engine, batches));
    if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
    Timing timing;
    const Stopwatch forwardWatch;
    TRY(reference, forwardStep(job, objective, *engine, batches));
    timing.forward = forwardWatch.seconds();

    const auto optimizer = findOptimizer(kDefaultOptimizer)->make(job.weights.parameters(), {});
    const TrainingStep step(objective, *job.train, *engine, objective.needsReference() ? &reference : nullptr);
    const Stopwatch stepWatch;
    TRY_VOID(
        step.run(batches, *optimizer, 0.0, job.options.maxGradNorm, {[&stop] { return stop.stop_requested(); }, {}}));
    timing.step = stepWatch.seconds();
    return timing;
}

double totalSeconds(const TrainingJob& job, const BatchPlan& plan, const Timing& timing)
{
    const double steps = static_cast<double>(plan.totalSteps());
    double total = steps * timing.step;
    if (job.method->needsReference)
        total += std::min(steps, static_cast<double>(plan.stepsPerEpoch())) * timing.forward;
    const std::int64_t stepPairs = job.options.batchSize * job.options.gradientAccumulation;
    const double forwardPerPair =
        timing.forward / static_cast<double>(std::min<std::int64_t>(stepPairs, job.train->size()));
    const std::int64_t between = job.options.evalEvery > 0 ? plan.totalSteps() / job.options.evalEvery : 0;
    const double evaluations = 2.0 + static_cast<double>(between);
    const bool isShared = job.eval == job.heldOut;
    for (const PairSource* held : {job.eval.get(), isShared ? nullptr : job.heldOut.get()}) {
        if (held) total += evaluations * forwardPerPair * held->size();
    }
    return total;
}

}  // namespace

Result<Estimate> estimateRun(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                             const ProgressSink& progress, std::stop_token stop)
{
    TRY(const RunSetup setup, prepareSetup(spec, folders, data, progress, stop));
    const PreparedRun& run = *setup.prepared;
    const BatchPlan plan(run.options.batchPlan(run.train->size()));
    Estimate estimate;
    estimate.memory = setup.memory;
    estimate.memoryBytes = setup.memory.total();
    estimate.availableBytes = availableMemory();
    estimate.steps = plan.totalSteps();
    estimate.pairs = run.train->size();
    estimate.droppedRows = run.droppedTrain;
    if (estimate.memoryBytes > estimate.availableBytes) return estimate;

    if (progress) progress("Timing a step", 0, 0);
    TRY(const TrainingJob job, makeJob(setup, spec, folders));
    TRY(const Timing timing, timeFirstStep(job, plan, stop));
    estimate.secondsPerStep = timing.step;
    estimate.totalSeconds = totalSeconds(job, plan, timing);
    return estimate;
}

}  // namespace preflab
