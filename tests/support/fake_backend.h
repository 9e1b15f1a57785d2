// SPDX-License-Identifier: GPL-3.0-or-later
// An engine without torch for tests: scripted steps, checkpoints of one file, words instead of models. It notices
// when two threads make it compute at the same time.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/runs/backend.h"

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

/// What a fake run does.
struct FakeScript {
    std::int64_t steps = 20;                     ///< unless the spec has max_steps
    std::chrono::microseconds stepTime{0};
    std::int64_t saveEvery = 0;
    std::size_t checkpointBytes = 1000;
    std::optional<std::int64_t> throwAtStep;
    std::optional<std::int64_t> failAtStep;      ///< LossNotFinite
    std::function<void(std::int64_t)> onStep;    ///< on the run's thread, after the step was logged
    std::uint32_t pairs = 5;                     ///< that score finds
};

/// Thread-safe as the real one has to be.
class FakeBackend : public Backend {
public:
    explicit FakeBackend(FakeScript script = {}) : m_script(std::move(script)) {}

    int overlaps() const { return m_overlaps; }              ///< computations that met another thread's
    std::thread::id lastServingThread() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lastServing;
    }

    std::vector<ComponentDescription> describeComponents() const override
    {
        ComponentDescription dpo;
        dpo.id = "dpo";
        dpo.title = "DPO";
        dpo.paper = "arXiv:2305.18290";
        dpo.recipe = "dpo";
        dpo.needsReference = true;
        ParamSpec beta;
        beta.key = "beta";
        beta.title = "Beta";
        beta.defaultValue = 0.1;
        beta.minimum = 0.0;
        beta.isMinimumAllowed = false;
        dpo.params = {beta};
        dpo.metrics = {{"loss", "Loss", "nats", "What training lowers", false}};
        return {dpo};
    }

    Result<ModelReport> inspectModel(const std::filesystem::path& path) const override
    {
        ModelReport report;
        report.path = path;
        report.architecture = "fake";
        report.parameters = 1;
        return report;
    }

    Result<Estimate> estimate(const RunSpec& spec, const RunPlace&, const ProgressSink&, std::stop_token) override
    {
        Estimate estimate;
        estimate.steps = stepsOf(spec);
        estimate.secondsPerStep = std::chrono::duration<double>(m_script.stepTime).count();
        estimate.totalSeconds = estimate.secondsPerStep * static_cast<double>(estimate.steps);
        estimate.availableBytes = availableMemory();
        return estimate;
    }

    Result<std::vector<double>> curve(const std::string&, const ParamValues& params,
                                      const std::vector<double>& margins) const override
    {
        const auto beta = params.find("beta");
        const double scale = beta == params.end() ? 0.1 : std::get<double>(beta->second);
        std::vector<double> losses;
        for (const double margin : margins) losses.push_back(std::log1p(std::exp(-scale * margin)));
        return losses;
    }

    Outcome train(const RunSpec& spec, const RunPlace& place, RunControl& control, RunLog& log) override
    {
        const Computing computing(*this);
        const auto begin = std::chrono::steady_clock::now();
        const std::int64_t steps = stepsOf(spec);
        double paused = 0.0;
        log.append(RunEvent{RunEvent::Kind::Phase, timestampUtc(), 0, "Training", {}});
        for (std::int64_t step = 1; step <= steps; ++step) {
            paused += control.betweenSteps();
            if (control.isCancelRequested()) return Cancelled{step - 1};
            if (control.isStopRequested()) return stopped(step - 1, place, log);
            if (m_script.throwAtStep == step) throw std::runtime_error("thrown at a step");
            if (m_script.failAtStep == step) return notFinite(step);
            std::this_thread::sleep_for(m_script.stepTime);
            const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
            logStep(step, passed.count() - paused, log);
            if (m_script.saveEvery > 0 && step % m_script.saveEvery == 0) {
                if (const auto saved = save(step, place, log); !saved) return Failed{saved.error()};
            }
            if (m_script.onStep) m_script.onStep(step);
            log.setProgress({"Training", step, steps, -1.0});
        }
        return Finished{steps};
    }

    Result<> generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop) override
    {
        const Computing computing(*this);
        noteServing();
        for (std::int64_t i = 0; i < request.maxNewTokens; ++i) {
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            if (!sink(request.prompt + " " + std::to_string(i))) return {};
        }
        return {};
    }

    Result<> score(const ScoreRequest&, const ScoreSink& sink, const ProgressSink& progress,
                   std::stop_token stop) override
    {
        const Computing computing(*this);
        noteServing();
        for (std::uint32_t row = 0; row < m_script.pairs; ++row) {
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            PairScore pair;
            pair.row = row;
            pair.sourceNumber = row + 1;
            pair.chosenLogProb = -1.0 - row;
            pair.rejectedLogProb = -2.0 - row;
            sink(pair);
            if (progress) progress("Scoring", row + 1, m_script.pairs);
        }
        return {};
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

    std::int64_t stepsOf(const RunSpec& spec) const
    {
        const auto found = spec.params.find("max_steps");
        return found == spec.params.end() ? m_script.steps : std::get<std::int64_t>(found->second);
    }

    void noteServing()
    {
        const std::lock_guard lock(m_mutex);
        m_lastServing = std::this_thread::get_id();
    }

    static void logStep(std::int64_t step, double seconds, RunLog& log)
    {
        MetricRow row{step, seconds, {}};
        row.values.push_back({log.nameOf("loss"), 0.7 / static_cast<double>(step)});
        row.values.push_back({log.nameOf("heldout/accuracy_sum"), 1.0 - 0.5 / static_cast<double>(step)});
        row.values.push_back({log.nameOf("step_copy"), static_cast<double>(step)});
        log.append(std::move(row));
    }

    /// A folder with a payload, and its size written last: complete only when both agree.
    Result<> save(std::int64_t step, const RunPlace& place, RunLog& log) const
    {
        const std::string name = "checkpoint-" + std::to_string(step);
        TRY(auto folder, StagedFolder::create(place.runFolder / name));
        TRY_VOID(writeFileAtomically(folder.path() / "payload", std::string(m_script.checkpointBytes, 'x')));
        TRY_VOID(writeFileAtomically(folder.path() / "size", std::to_string(m_script.checkpointBytes)));
        TRY_VOID(folder.commit());
        log.append(RunEvent{RunEvent::Kind::Checkpoint, timestampUtc(), step, name, {}});
        return {};
    }

    Outcome stopped(std::int64_t step, const RunPlace& place, RunLog& log) const
    {
        if (const auto saved = save(step, place, log); !saved) return Failed{saved.error()};
        return Cancelled{step};
    }

    static Outcome notFinite(std::int64_t step)
    {
        return Failed{Error{ErrorCode::LossNotFinite,
                            {{"step", std::to_string(step)}, {"what", "the loss"}, {"checkpoint", "none"}},
                            {}}};
    }

    const FakeScript m_script;
    mutable std::mutex m_mutex;          ///< protects the four below
    int m_depth = 0;
    std::thread::id m_computing;
    std::thread::id m_lastServing;
    std::atomic<int> m_overlaps = 0;
};

}  // namespace preflab::test
