// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the training loop alone, on small random weights or on the demo model, with everything they said.
#pragma once

#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"
#include "support/files.h"
#include "support/random_decoder.h"
#include "support/run_events.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace preflab::test {

inline std::shared_ptr<FixedPairs> pairs(std::uint32_t count)
{
    std::vector<TokenPair> pairs;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto id = static_cast<TokenId>(i % 13);
        TokenIds chosen{1, 2, id, 3};
        if (i % 3 == 0) chosen.push_back(5);
        pairs.push_back(
            {i, TokenSequence::afterPrompt(std::move(chosen), 2), TokenSequence::afterPrompt({1, 2, 4, id}, 2)});
    }
    return std::make_shared<FixedPairs>(std::move(pairs));
}

inline TrainingJob job(const char* method, const ParamValues& params, Precision precision = Precision::Float32)
{
    TrainingJob job;
    job.method = *findMethod(method);
    ParamValues own = params;
    own.merge(ParamValues{{"learning_rate", 1e-2}, {"per_device_train_batch_size", std::int64_t{2}}});
    job.params = *completeParams(own, method, job.method->params(), job.method->defaults);
    job.options = *trainingOptions(job.params);
    job.train = pairs(8);
    job.weights = randomDecoder({}, precision);
    return job;
}

/// A run that writes into `folder`, on a copy of the demo model in "source" there.
struct DemoRun {
    Result<ModelFolder> model;
    Result<TextModel> text;
    TrainingJob job;

    DemoRun(const ScratchFolder& folder, const ParamValues& params)
        : model(copied(folder)), text(TextModel::open(*model)), job(test::job("dpo", params))
    {
        job.weights = *DecoderWeights::load(*model, Precision::Float32, true);
        job.model = &*model;
        job.text = &*text;
        job.folders.run = folder.path();
    }
    static Result<ModelFolder> copied(const ScratchFolder& folder)
    {
        std::filesystem::copy(std::filesystem::path(PREFLAB_SOURCE_FOLDER) / "resources/demo/model", folder / "source");
        return ModelFolder::open(folder / "source");
    }
};

/// Calls `onStep` before clipping of each step.
class Hook final : public LoopObserver {
public:
    explicit Hook(std::function<void(std::int64_t, const DecoderWeights&)> onStep) : m_onStep(std::move(onStep)) {}
    void onGradients(std::int64_t step, const DecoderWeights& weights) override { m_onStep(step, weights); }

private:
    std::function<void(std::int64_t, const DecoderWeights&)> m_onStep;
};

/// One run with everything it said.
struct Ran {
    Outcome outcome;
    RunControl control;
    RunLog log;

    void run(TrainingJob& job, LoopObserver& observer)
    {
        log.setAutoCommit();
        RunClock clock(control, log, job.folders.run);
        RunReporter reporter(clock, log);
        outcome = runTrainingLoop(job, clock, reporter, observer);
    }
    void run(TrainingJob& job)
    {
        LoopObserver nobody;
        run(job, nobody);
    }
    std::vector<double> series(const char* metric) const
    {
        std::vector<double> values;
        for (const auto& [step, value] : log.series(metric)) values.push_back(value);
        return values;
    }
    std::vector<RunEvent> events(RunEvent::Kind kind) const { return eventsOf(log, kind); }
};

}  // namespace preflab::test
