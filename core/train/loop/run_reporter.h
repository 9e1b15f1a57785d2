// SPDX-License-Identifier: GPL-3.0-or-later
// What a run tells of itself while it works: phases with progress and time left, notes, metrics.
#pragma once

#include "core/base/progress.h"
#include "core/plan/metric_values.h"
#include "core/runs/run_log.h"
#include "core/train/loop/reference.h"
#include "core/train/loop/run_clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preflab {

/// Used by the run thread only; clock and log outlive it.
class RunReporter {
public:
    RunReporter(RunClock& clock, RunLog& log) : m_clock(clock), m_log(log) {}

    /// Names what is being done from now on, with `total` units of it.
    void beginPhase(std::string_view phase, std::int64_t total);
    /// So many units of the phase are done; time left is extrapolated, four times a second at most, so that it can
    /// be read.
    void advance(std::int64_t done);
    /// Shows that the run waits, without a phase of its own: the work done so far stays.
    void showWaiting(std::string_view why);
    /// A tick for long passes: progress under `phase`, then a beat of the clock. Within another phase, such as an
    /// evaluation between two steps, time left stays that of the phase around it.
    PassTick tick(std::string_view phase);
    /// For preparations, which name their own phases, and which stop by the clock's stop token.
    ProgressSink progressSink();

    void note(RunEvent::Kind kind, std::int64_t step, std::string text, Json data = {},
              std::optional<RunSources> sources = {});
    void metrics(std::int64_t step, const NamedValues& values);

private:
    RunClock& m_clock;
    RunLog& m_log;
    std::string m_phase;
    std::int64_t m_total = 0;
    double m_phaseBegin = 0.0;
    double m_secondsLeft = -1.0;  ///< of the phase, as last extrapolated
    double m_extrapolated = 0.0;  ///< when, in seconds of the clock
};

}  // namespace preflab
