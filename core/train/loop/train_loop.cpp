// SPDX-License-Identifier: GPL-3.0-or-later
// The training loop.
#include "core/train/loop/train_loop.h"

#include "core/base/system.h"
#include "core/train/backend/torch_border.h"
#include "core/train/loop/evaluate.h"
#include "core/train/loop/run_files.h"
#include "core/train/loop/run_pulse.h"
#include "core/train/loop/training_step.h"
#include "core/train/optimizers/optimizer.h"
#include "core/train/schedules/schedule.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace preflab {
namespace {

bool isDue(std::int64_t every, std::int64_t step)
{
    return every > 0 && step % every == 0;
}

class TrainingLoop {
public:
    TrainingLoop(TrainingJob& job, const Schedule& schedule, RunPulse& pulse, LoopObserver& observer)
        : m_job(job), m_observer(observer), m_pulse(pulse), m_files(job, pulse),
          m_plan(job.options.batchPlan(job.train->size())), m_schedule(schedule),
          m_optimizer(job.weights.parameters(),
                      {job.options.adamBeta1, job.options.adamBeta2, job.options.adamEpsilon, job.options.weightDecay}),
          m_evaluator(*job.method, job.params, job.eval, job.heldOut, job.options.evalBatchSize)
    {
    }

    Outcome run()
    {
        const Result<> result = guarded([this] { return work(); });
        m_pulse.setSaver({});
        if (result) return Finished{m_done};
        return result.error().code == ErrorCode::Cancelled ? stopped() : failed(result.error());
    }

private:
    // Whatever ended the run, the steps that were done are kept, unless the user wanted none of it.
    bool isWorthKeeping() const { return m_done > 0 && !m_pulse.isCancelRequested(); }

    Outcome stopped()
    {
        if (isWorthKeeping()) {
            if (const auto saved = m_files.saveLastCheckpoint(m_done); !saved) return Failed{saved.error()};
        }
        return Cancelled{m_done};
    }

    Outcome failed(const Error& error)
    {
        if (isWorthKeeping()) m_files.trySaveCheckpoint(m_done);
        return Failed{error};
    }

    Result<> work()
    {
        TRY_VOID(m_files.begin());
        TRY_VOID(prepareReference());
        TRY_VOID(evaluate());
        TRY_VOID(sample("before"));
        m_pulse.beginPhase("Training", m_plan.totalSteps());
        m_pulse.setSaver([this] { saveNow(); });
        while (m_done < m_plan.totalSteps()) {
            TRY_VOID(m_pulse.beat());
            TRY_VOID(step(m_done + 1));
            const bool isLast = m_done == m_plan.totalSteps();
            if (isLast)
                TRY_VOID(saveFinalModel());
            else if (isDue(m_job.options.saveEvery, m_done))
                m_files.trySaveCheckpoint(m_done);
            if (isLast || isDue(m_job.options.evalEvery, m_done)) TRY_VOID(evaluate());
            if (!isLast && m_job.options.areSamplesEvaluated && isDue(m_job.options.evalEvery, m_done))
                TRY_VOID(m_files.sample("step " + std::to_string(m_done), m_done));
            m_pulse.advance(m_done);
        }
        return sample("after");
    }

    Result<> saveFinalModel()
    {
        // While it waits for room, a wish to save means this model and not a checkpoint beside it.
        m_pulse.setSaver({});
        return m_files.saveFinalModel(m_done);
    }

    /// A phase of its own; answers between steps belong to the training around them.
    Result<> sample(const char* when)
    {
        if (!m_job.samplePrompts.empty()) m_pulse.beginPhase("Sampling", std::ssize(m_job.samplePrompts));
        return m_files.sample(when, m_done);
    }

    /// Asked for by the user, between two steps.
    void saveNow()
    {
        if (m_done > 0) return m_files.trySaveCheckpoint(m_done);
        m_pulse.note(RunEvent::Kind::Note, 0, "Nothing was saved: the weights change with the first step.");
    }

    Result<> prepareReference()
    {
        if (!m_job.method->needsReference) return {};
        m_pulse.beginPhase("Reference", 0);
        TRY(m_reference, m_files.reference(m_plan, m_pulse.tick("Reference")));
        m_observer.onReference(*m_reference);
        return {};
    }

    Result<> evaluate()
    {
        if (m_evaluator.isEmpty()) return {};
        TRY(const NamedValues values, m_evaluator.run(m_job.weights, m_totals, m_pulse.tick("Evaluating")));
        m_pulse.metrics(m_done, values);
        return {};
    }

    Result<> step(std::int64_t number)
    {
        const StepBatches batches = m_plan.batchesOf(number);
        const double learningRate = m_job.options.learningRate * m_schedule.factor(number);
        const double begin = m_pulse.seconds();
        const TrainingStep trainingStep(*m_job.method, m_job.params, *m_job.train, m_job.weights,
                                        m_reference ? &*m_reference : nullptr);
        auto result = trainingStep.run(
            batches, m_optimizer, learningRate, m_job.options.maxGradNorm,
            {[this] { return m_pulse.isCancelRequested(); }, [&] { m_observer.onGradients(number, m_job.weights); }});
        if (!result) return m_files.explain(std::move(result).error(), batches);
        NamedValues values{{"loss", result->loss},
                           {"grad_norm", result->gradientNorm},
                           {"learning_rate", learningRate},
                           {"epoch", batches.epoch}};
        const NamedValues own = m_totals.add(result->metrics);
        values.insert(values.end(), own.begin(), own.end());
        const double spent = std::max(m_pulse.seconds() - begin, 1e-9);
        values.emplace_back("pair_tokens_per_second", static_cast<double>(result->tokens) / spent);
        values.emplace_back("process/resident_bytes", static_cast<double>(residentMemory()));
        m_pulse.metrics(number, values);
        m_done = number;
        return {};
    }

    TrainingJob& m_job;
    LoopObserver& m_observer;
    RunPulse& m_pulse;
    RunFiles m_files;
    BatchPlan m_plan;
    Schedule m_schedule;
    AdamW m_optimizer;
    Evaluator m_evaluator;
    std::optional<ReferenceLogProbs> m_reference;
    RunningTotals m_totals;
    std::int64_t m_done = 0;  ///< steps
};

}  // namespace

Outcome runTrainingLoop(TrainingJob& job, RunPulse& pulse, LoopObserver& observer)
{
    const auto kind = scheduleFromId(job.options.schedule);
    if (!kind) return Failed{kind.error()};
    const std::int64_t steps = BatchPlan(job.options.batchPlan(job.train->size())).totalSteps();
    return TrainingLoop(job, Schedule::make(*kind, steps, job.options.warmupSteps), pulse, observer).run();
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
