// SPDX-License-Identifier: GPL-3.0-or-later
// An engine without torch for tests: scripted steps, checkpoints of one file, words instead of models. It notices
// when two threads make it compute at the same time.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/runs/backend.h"
#include "support/fake_curves.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace preflab::test {

/// What a fake run logs.
enum class FakeCurves {
    Simple,     ///< three numbers a step that tests of storage can foretell
    Plausible,  ///< what the real methods log, with evaluations, answers and the final model: for pages and pictures
};

/// What a fake run does.
struct FakeScript {
    std::int64_t steps = 20;  ///< unless the spec has max_steps
    FakeCurves curves = FakeCurves::Simple;
    std::chrono::microseconds stepTime{0};
    std::int64_t saveEvery = 0;
    std::size_t checkpointBytes = 1000;
    std::optional<std::int64_t> throwAtStep;
    std::optional<std::int64_t> failAtStep;                   ///< LossNotFinite
    std::function<void(std::int64_t)> onStep;                 ///< on the run's thread, after the step was logged
    std::function<void(std::int64_t, FakeValues&)> onValues;  ///< changes what a plausible step logs, before it does
    std::uint32_t pairs = 5;                                  ///< that score finds
    std::function<void(std::uint32_t)> onPair;                ///< before each scored pair: a gate for stepping
    RowCounts leftOut;                                        ///< what score could not use, beside `pairs`
    std::vector<std::string> words;            ///< of answers, each with its space; empty: the prompt and a number
    std::function<void(std::int64_t)> onWord;  ///< before each word: a delay or a gate
};

/// Runs that go on until the test stops them.
inline FakeScript longRuns()
{
    FakeScript script;
    script.steps = 100000;
    script.stepTime = std::chrono::milliseconds(2);
    return script;
}

/// Thread-safe as the real one has to be.
class FakeBackend : public Backend {
public:
    explicit FakeBackend(FakeScript script = {}) : m_script(std::move(script)) {}

    int overlaps() const { return m_overlaps; }  ///< computations that met another thread's
    std::thread::id lastServingThread() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lastServing;
    }

    std::vector<ComponentDescription> describeComponents() const override
    {
        return {fakeMethod("dpo"), fakeMethod("orpo")};
    }

    Result<ModelReport> inspectModel(const std::filesystem::path& path) const override { return fakeModel(path); }

    Result<Estimate> estimate(const RunSpec& spec, const RunFolders&, const RunData&, const ProgressSink&,
                              std::stop_token) override
    {
        Estimate estimate;
        estimate.steps = stepsOf(spec);
        estimate.secondsPerStep = std::chrono::duration<double>(m_script.stepTime).count();
        estimate.totalSeconds = estimate.secondsPerStep * static_cast<double>(estimate.steps);
        estimate.availableBytes = availableMemory();
        estimate.pairs = 200;
        estimate.droppedRows = 3;
        const auto batch = static_cast<std::uint64_t>(fakeParam(spec.params, "per_device_train_batch_size", 8.0));
        estimate.memory = {160'000'000, 1'040'000, 1'040'000, 2'080'000, 9'000'000 * batch, 3'200};
        estimate.memoryBytes = estimate.memory.total();
        return estimate;
    }

    Result<std::vector<double>> curve(const std::string& method, const ParamValues& params,
                                      const std::vector<double>& margins) const override
    {
        const double scale = method == "orpo" ? 1.0 : fakeParam(params, "beta", 0.1);
        const double weight = method == "orpo" ? fakeParam(params, "lambda", 0.1) : 1.0;
        std::vector<double> losses;
        for (const double margin : margins) losses.push_back(weight * std::log1p(std::exp(-scale * margin)));
        return losses;
    }

    Outcome train(const RunSpec& spec, const RunFolders& folders, const RunData&, RunControl& control,
                  RunLog& log) override
    {
        const Computing computing(*this);
        Running running{spec, folders, control, log};
        control.setSaver([this, &running] {
            if (running.done > 0) (void)save("checkpoint-" + std::to_string(running.done), running);
        });
        const Outcome outcome = steps(running);
        control.setSaver({});
        return outcome;
    }

    Result<> generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop) override
    {
        const Computing computing(*this);
        noteServing();
        for (std::int64_t i = 0; i < request.maxNewTokens; ++i) {
            if (m_script.onWord) m_script.onWord(i);
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            const bool isWord = !m_script.words.empty();
            if (isWord && i >= std::ssize(m_script.words)) return {};
            if (!sink(isWord ? m_script.words[static_cast<std::size_t>(i)] : request.prompt + " " + std::to_string(i)))
                return {};
        }
        return {};
    }

    Result<RowCounts> score(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                            std::stop_token stop) override
    {
        const Computing computing(*this);
        noteServing();
        const std::uint32_t count = std::min(m_script.pairs, request.limit.value_or(m_script.pairs));
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto row = static_cast<std::uint32_t>(std::uint64_t{i} * m_script.pairs / count);
            if (m_script.onPair) m_script.onPair(row);
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            PairScore pair = fakeScore(request, row);
            if (m_script.curves == FakeCurves::Simple) {
                pair.chosenLogProb = -1.0 - row;
                pair.rejectedLogProb = -2.0 - row;
            }
            sink(pair);
            if (progress) progress("Scoring pairs", i + 1, count);
        }
        RowCounts counts = m_script.leftOut;
        counts.used = count;
        return counts;
    }

    Result<ParityReport> parity(const ParityRequest& request, std::stop_token) override
    {
        return fail(ErrorCode::FileNotFound, {{"path", request.golden.string()}});
    }

private:
    /// Marks a thread as computing. A run that serves a request does so on its own thread.
    class Computing {
    public:
        explicit Computing(FakeBackend& backend) : m_backend(backend)
        {
            const std::lock_guard lock(m_backend.m_mutex);
            if (m_backend.m_depth++ > 0 && m_backend.m_computing != std::this_thread::get_id()) ++m_backend.m_overlaps;
            m_backend.m_computing = std::this_thread::get_id();
        }
        ~Computing()
        {
            const std::lock_guard lock(m_backend.m_mutex);
            --m_backend.m_depth;
        }
        Computing(const Computing&) = delete;
        Computing& operator=(const Computing&) = delete;

    private:
        FakeBackend& m_backend;
    };

    /// A run on its way.
    struct Running {
        const RunSpec& spec;
        const RunFolders& folders;
        RunControl& control;
        RunLog& log;
        std::int64_t done = 0;
        double seconds = 0.0;  ///< pauses left out
    };

    std::int64_t stepsOf(const RunSpec& spec) const
    {
        return static_cast<std::int64_t>(fakeParam(spec.params, "max_steps", static_cast<double>(m_script.steps)));
    }

    Outcome steps(Running& running) const
    {
        const auto begin = std::chrono::steady_clock::now();
        const std::int64_t total = stepsOf(running.spec);
        double paused = 0.0;
        start(running, total);
        for (std::int64_t step = 1; step <= total; ++step) {
            paused += running.control.betweenSteps();
            if (running.control.isCancelRequested()) return Cancelled{step - 1};
            if (running.control.isStopRequested()) return stopped(running);
            if (m_script.throwAtStep == step) throw std::runtime_error("thrown at a step");
            if (m_script.failAtStep == step) return notFinite(step);
            std::this_thread::sleep_for(m_script.stepTime);
            running.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() - paused;
            running.done = step;
            logStep(running, total);
            if (m_script.saveEvery > 0 && step % m_script.saveEvery == 0) {
                if (const auto saved = save("checkpoint-" + std::to_string(step), running); !saved)
                    return Failed{saved.error()};
            }
            if (m_script.onStep) m_script.onStep(step);
            const double perStep = running.seconds / static_cast<double>(step);
            running.log.setProgress({"Training", step, total, perStep * static_cast<double>(total - step)});
        }
        return end(running);
    }

    void start(Running& running, std::int64_t total) const
    {
        if (m_script.curves == FakeCurves::Plausible) {
            running.log.append(
                RunEvent{RunEvent::Kind::Note,
                         timestampUtc(),
                         0,
                         "Trains on 200 of 203 pairs.",
                         {{"rows", 223}, {"pairs", 200}, {"dropped", 3}, {"held_out", 20}, {"is_pairs", true}},
                         RunSources{"fake-data", "fake-model"}});
            evaluate(running, total, "before");
        }
        running.log.append(RunEvent{RunEvent::Kind::Phase, timestampUtc(), 0, "Training", {}});
        running.log.setProgress({"Training", 0, total, -1.0});
    }

    Outcome end(Running& running) const
    {
        if (m_script.curves == FakeCurves::Plausible && running.done > 0) {
            if (const auto saved = save("model", running); !saved) return Failed{saved.error()};
        }
        return Finished{running.done};
    }

    /// Held-out numbers and answers, where the order asks for them.
    void evaluate(Running& running, std::int64_t total, const std::string& when) const
    {
        const bool isHeldOut = running.spec.evalData || fakeParam(running.spec.params, "eval_fraction", 0.0) > 0.0;
        if (isHeldOut) append(running, fakeEvaluation(running.spec, running.done, total));
        for (const std::string& prompt : running.spec.samplePrompts) {
            const std::string answer = " The answer " + when + ", by " + running.spec.method + ".";
            running.log.append(RunEvent{RunEvent::Kind::Sample,
                                        timestampUtc(),
                                        running.done,
                                        prompt,
                                        {{"prompt", prompt}, {"answer", answer}, {"when", when}}});
        }
    }

    static void append(Running& running, const FakeValues& values)
    {
        MetricRow row{running.done, running.seconds, {}};
        for (const auto& [name, value] : values) row.values.push_back({running.log.nameOf(name), value});
        running.log.append(std::move(row));
    }

    void logStep(Running& running, std::int64_t total) const
    {
        const std::int64_t step = running.done;
        if (m_script.curves == FakeCurves::Simple) {
            return append(running, {{"loss", 0.7 / static_cast<double>(step)},
                                    {"heldout/accuracy_sum", 1.0 - 0.5 / static_cast<double>(step)},
                                    {"step_copy", static_cast<double>(step)}});
        }
        FakeValues values = fakeStep(running.spec, step, total);
        if (m_script.onValues) m_script.onValues(step, values);
        append(running, values);
        const auto every = static_cast<std::int64_t>(fakeParam(running.spec.params, "eval_steps", 0.0));
        if (step == total)
            evaluate(running, total, "after");
        else if (every > 0 && step % every == 0)
            evaluate(running, total, "step " + std::to_string(step));
    }

    void noteServing()
    {
        const std::lock_guard lock(m_mutex);
        m_lastServing = std::this_thread::get_id();
    }

    /// A folder with a payload, and its size written last: complete only when both agree.
    Result<> save(const std::string& name, Running& running) const
    {
        if (std::filesystem::exists(running.folders.run / name)) return {};
        TRY(auto folder, StagedFolder::create(running.folders.run / name));
        TRY_VOID(writeFileAtomically(folder.path() / "payload", std::string(m_script.checkpointBytes, 'x')));
        TRY_VOID(writeFileAtomically(folder.path() / "size", std::to_string(m_script.checkpointBytes)));
        TRY_VOID(folder.commit());
        running.log.append(RunEvent{RunEvent::Kind::Checkpoint, timestampUtc(), running.done, name, {}});
        return {};
    }

    Outcome stopped(Running& running) const
    {
        const auto saved = save("checkpoint-" + std::to_string(running.done), running);
        if (!saved) return Failed{saved.error()};
        return Cancelled{running.done};
    }

    static Outcome notFinite(std::int64_t step)
    {
        return Failed{Error{ErrorCode::LossNotFinite,
                            {{"step", std::to_string(step)}, {"what", "the loss"}, {"checkpoint", "none"}},
                            {}}};
    }

    const FakeScript m_script;
    mutable std::mutex m_mutex;  ///< protects the four below
    int m_depth = 0;
    std::thread::id m_computing;
    std::thread::id m_lastServing;
    std::atomic<int> m_overlaps = 0;
};

}  // namespace preflab::test
