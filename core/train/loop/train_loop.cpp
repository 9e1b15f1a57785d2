// SPDX-License-Identifier: GPL-3.0-or-later
// The training loop.
#include "core/train/loop/train_loop.h"

#include "core/base/system.h"
#include "core/plan/schedule.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/readable_engine.h"
#include "core/train/loop/evaluate.h"
#include "core/train/loop/reference_cache.h"
#include "core/train/loop/run_checkpoints.h"
#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/run_samples.h"
#include "core/train/loop/training_state.h"
#include "core/train/loop/training_step.h"
#include "core/train/optimizers/optimizer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace preflab {
namespace {

bool isDue(std::int64_t every, std::int64_t step)
{
    return every > 0 && step % every == 0;
}

BatchPlanOptions planOf(const TrainingJob& job)
{
    BatchPlanOptions plan = job.options.batchPlan(job.train->size());
    plan.rank = job.communicator->rank();
    plan.size = job.communicator->size();
    return plan;
}

class TrainingLoop {
public:
    TrainingLoop(TrainingJob& job, const Schedule& schedule, RunClock& clock, RunReporter& reporter,
                 LoopObserver& observer)
        : m_job(job), m_observer(observer), m_clock(clock), m_reporter(reporter), m_checkpoints(job, clock, reporter),
          m_plan(planOf(job)), m_schedule(schedule), m_engine(makeReadableEngine(job.weights)),
          m_objective(*job.method, job.params),
          m_evaluator(m_objective, job.eval, job.heldOut, job.options.evalBatchSize)
    {
        const TrainingOptions& options = job.options;
        m_state.optimizer = findOptimizer(kDefaultOptimizer)
                                ->make(job.weights.parameters(), {options.adamBeta1, options.adamBeta2,
                                                                  options.adamEpsilon, options.weightDecay});
    }

    Outcome run()
    {
        const Result<> result = guarded([this] { return work(); });
        m_clock.setSaver({});
        if (result) return Finished{m_state.step};
        return result.error().code == ErrorCode::Cancelled ? stopped() : failed(result.error());
    }

private:
    // Whatever ended the run, the steps that were done are kept, unless the user wanted none of it.
    bool isWorthKeeping() const { return m_state.step > 0 && !m_clock.isCancelRequested(); }

    Outcome stopped()
    {
        if (isWorthKeeping()) {
            if (const auto saved = m_checkpoints.saveLastCheckpoint(m_state.step); !saved) return Failed{saved.error()};
        }
        return Cancelled{m_state.step};
    }

    Outcome failed(const Error& error)
    {
        if (isWorthKeeping() && !m_clock.goneFolder()) m_checkpoints.trySaveCheckpoint(m_state.step);
        return Failed{error};
    }

    Result<> work()
    {
        TRY_VOID(m_checkpoints.begin());
        TRY_VOID(start());
        m_reporter.beginPhase("Training", m_plan.totalSteps());
        m_clock.setSaver([this] { saveNow(); });
        while (m_state.step < m_plan.totalSteps()) {
            TRY_VOID(m_clock.beat());
            TRY_VOID(step(m_state.step + 1));
            const bool isLast = m_state.step == m_plan.totalSteps();
            if (isLast)
                TRY_VOID(saveFinalModel());
            else if (isDue(m_job.options.saveEvery, m_state.step))
                m_checkpoints.trySaveCheckpoint(m_state.step);
            if (isLast || isDue(m_job.options.evalEvery, m_state.step)) TRY_VOID(evaluate());
            if (!isLast && m_job.options.areSamplesEvaluated && isDue(m_job.options.evalEvery, m_state.step))
                TRY_VOID(sampleAnswers(*m_engine, m_job, "step " + std::to_string(m_state.step), m_state.step, m_clock,
                                       m_reporter));
            m_reporter.advance(m_state.step);
        }
        return sample("after");
    }

    /// What comes before the first step, or where an earlier run left off.
    Result<> start()
    {
        if (m_job.resumeFrom) {
            TRY_VOID(m_state.load(*m_job.resumeFrom));
            m_clock.addEarlier(m_state.seconds);
        }
        TRY_VOID(shareParameters());
        if (!m_state.reference) TRY_VOID(prepareReference());
        if (m_state.step > 0) return {};
        TRY_VOID(evaluate());
        return sample("before");
    }

    /// All processes begin with the same weights.
    Result<> shareParameters()
    {
        std::vector<Tensor> tensors;
        for (const auto& [name, parameter] : m_job.weights.parameters()) tensors.push_back(parameter.detach());
        TRY_VOID(m_job.communicator->broadcast(tensors));
        m_engine->parametersChanged();
        return {};
    }

    Result<> saveFinalModel()
    {
        // While it waits for room, a wish to save means this model and not a checkpoint beside it.
        m_clock.setSaver({});
        return m_checkpoints.saveFinalModel(m_state.step);
    }

    /// A phase of its own; answers between steps belong to the training around them.
    Result<> sample(const char* when)
    {
        if (!m_job.samplePrompts.empty()) m_reporter.beginPhase("Sampling", std::ssize(m_job.samplePrompts));
        return sampleAnswers(*m_engine, m_job, when, m_state.step, m_clock, m_reporter);
    }

    /// Asked for by the user, between two steps.
    void saveNow()
    {
        if (m_state.step > 0) return m_checkpoints.trySaveCheckpoint(m_state.step);
        m_reporter.note(RunEvent::Kind::Note, 0, "Nothing was saved: the weights change with the first step.");
    }

    Result<> prepareReference()
    {
        if (!m_job.method->needsReference) return {};
        // Every process makes all of it: a later epoch may give it pairs that another one had before.
        m_reporter.beginPhase("Reference", 0);
        TRY(m_state.reference,
            cachedReference(*m_engine, m_job, m_objective, BatchPlan(planOf(m_job).ofAll()), m_reporter));
        m_observer.onReference(*m_state.reference);
        return {};
    }

    Result<> evaluate()
    {
        if (m_evaluator.isEmpty()) return {};
        TRY(const NamedValues values,
            m_evaluator.run(*m_engine, m_state.totals, m_state.baselines, m_reporter.tick("Evaluating")));
        m_reporter.metrics(m_state.step, values);
        return {};
    }

    Result<> step(std::int64_t number)
    {
        const StepBatches batches = m_plan.batchesOf(number);
        const double learningRate = m_job.options.learningRate * m_schedule.factor(number);
        const double begin = m_clock.seconds();
        const TrainingStep trainingStep(m_objective, *m_job.train, *m_engine,
                                        m_state.reference ? &*m_state.reference : nullptr, *m_job.communicator);
        auto result = trainingStep.run(
            batches, *m_state.optimizer, learningRate, m_job.options.maxGradNorm,
            {[this] { return m_clock.isCancelRequested(); }, [&] { m_observer.onGradients(number, m_job.weights); }});
        if (!result) return m_checkpoints.explain(std::move(result).error(), batches);
        NamedValues values{{"loss", result->loss},
                           {"grad_norm", result->gradientNorm},
                           {"learning_rate", learningRate},
                           {"epoch", batches.epoch}};
        const NamedValues own = m_state.totals.add(result->metrics);
        values.insert(values.end(), own.begin(), own.end());
        const double spent = std::max(m_clock.seconds() - begin, 1e-9);
        values.emplace_back("pair_tokens_per_second", static_cast<double>(result->tokens) / spent);
        values.emplace_back("process/resident_bytes", static_cast<double>(residentMemory()));
        m_reporter.metrics(number, values);
        m_state.step = number;
        m_state.seconds = m_clock.seconds();
        m_observer.onStep(m_state);
        return {};
    }

    TrainingJob& m_job;
    LoopObserver& m_observer;
    RunClock& m_clock;
    RunReporter& m_reporter;
    RunCheckpoints m_checkpoints;
    BatchPlan m_plan;
    Schedule m_schedule;
    std::unique_ptr<Engine> m_engine;
    Objective m_objective;
    Evaluator m_evaluator;
    TrainingState m_state;
};

}  // namespace

Outcome runTrainingLoop(TrainingJob& job, RunClock& clock, RunReporter& reporter, LoopObserver& observer)
{
    const auto schedule = findSchedule(job.options.schedule);
    if (!schedule) return Failed{schedule.error()};
    const std::int64_t steps = BatchPlan(planOf(job)).totalSteps();
    return TrainingLoop(job, Schedule::make(**schedule, steps, job.options.warmupSteps), clock, reporter, observer)
        .run();
}

const std::vector<MetricDescription>& loopDescriptions()
{
    static const std::vector<MetricDescription> descriptions{
        {"loss", "Loss", "", "What is minimised, mean of the step's micro-batches.", false},
        {"grad_norm", "Gradient norm", "", "Length of the gradient before clipping.", false},
        {"learning_rate", "Learning rate", "", "Used for this step.", false},
        {"epoch", "Epoch", "", "Passes over the data so far.", false},
        {"pair_tokens_per_second", "Speed", "tokens per second",
         "Tokens of all sequences of the step, padding left "
         "out, by the time it took.",
         true},
        {"process/resident_bytes", "Memory", "bytes", "Held by the whole program after the step.", false},
    };
    return descriptions;
}

}  // namespace preflab
