// SPDX-License-Identifier: GPL-3.0-or-later
// Between two pieces of a run's work: the clock without pauses, progress with time left, and the user's wishes.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/plan/metric_values.h"
#include "core/runs/run_control.h"
#include "core/runs/run_log.h"
#include "core/train/loop/reference.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace preflab {

/// Used by the run thread only; control and log outlive it.
class RunPulse {
public:
    RunPulse(RunControl& control, RunLog& log);

    /// Seconds since the run began, pauses and served requests left out.
    double seconds() const;
    /// Counts what an earlier part of the run took.
    void addEarlier(double seconds) { m_paused -= seconds; }
    /// Serves requests and pauses; Cancelled when the user wants the run to end, ProjectGone when nothing that it
    /// computes can be stored any more.
    Result<> beat();
    /// The run shall end at once, without saving.
    bool isCancelRequested() const { return m_control.isCancelRequested(); }

    /// Is paused under `phase` so long at most, until the user wants something or a request was served.
    void pauseFor(std::string_view phase, std::chrono::milliseconds longest);
    void resume() { m_control.resume(); }

    /// What RunControl::saveNow does from now on.
    void setSaver(std::function<void()> saver) { m_control.setSaver(std::move(saver)); }

    /// Names what is being done from now on, with `total` units of it.
    void beginPhase(std::string_view phase, std::int64_t total);
    /// So many units of the phase are done; time left is extrapolated, four times a second at most, so that it can
    /// be read.
    void advance(std::int64_t done);
    /// A tick for long passes: progress under `phase`, then a beat. Within another phase, such as an evaluation between
    /// two steps, time left stays that of the phase around it.
    PassTick tick(std::string_view phase);
    /// For preparations, which name their own phases. A wish to end, with or without saving, stops `stopToken`.
    ProgressSink progressSink();
    std::stop_token stopToken() const { return m_stop.get_token(); }

    void note(RunEvent::Kind kind, std::int64_t step, std::string text, Json data = {},
              std::optional<RunSources> sources = {});
    void metrics(std::int64_t step, const NamedValues& values);

private:
    using Clock = std::chrono::steady_clock;
    RunControl& m_control;
    RunLog& m_log;
    Clock::time_point m_begin = Clock::now();
    double m_paused = 0.0;
    std::string m_phase;
    std::int64_t m_total = 0;
    double m_phaseBegin = 0.0;
    double m_secondsLeft = -1.0;  ///< of the phase, as last extrapolated
    double m_extrapolated = 0.0;  ///< when, in seconds()
    std::stop_source m_stop;
};

}  // namespace preflab
