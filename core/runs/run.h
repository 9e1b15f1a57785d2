// SPDX-License-Identifier: GPL-3.0-or-later
// One run: a thread of its own, the controls that steer it and the log that it writes.
#pragma once

#include "core/base/result.h"
#include "core/base/system_limits.h"
#include "core/runs/run_control.h"
#include "core/runs/run_log.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace preflab {

/// Starts a thread that does `work`.
using ThreadStarter = std::function<Result<std::jthread>(std::function<void()> work)>;

/// A run that is waiting, running or over. Shared by queue and readers; not to be destroyed on its own thread.
class Run {
public:
    using Body = std::function<Outcome(RunControl&, RunLog&)>;
    /// `onEnd` is called on the run's thread once the run is over; it must only post. An exception of `body` ends the
    /// run as failed.
    Run(std::string id, Body body, std::function<void(const Outcome&)> onEnd);
    ~Run();  ///< cancels and joins
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    const std::string& id() const { return m_id; }
    /// Starts the thread (lower priority, so that a window stays quick), until it succeeds once. SystemLimit leaves the
    /// run as it was: try again, or `end` it.
    Result<> start(const ThreadStarter& starter = &startThread);
    /// Serves what is still asked of the run, makes it over and calls `onEnd`. The run's thread does so itself; for
    /// everybody else this is the end of a run that has no thread.
    void end(const Outcome& outcome);
    RunControl& control() { return m_control; }
    RunLog& log() { return m_log; }
    const RunLog& log() const { return m_log; }
    bool isOver() const;
    /// The outcome once the run is over; waits for it.
    Outcome wait();

private:
    struct State;
    void work();

    std::string m_id;
    RunControl m_control;
    RunLog m_log;
    std::unique_ptr<State> m_state;  ///< body, outcome and the thread; the thread is joined first
};

/// `work()`, or Failed when it throws: the last resort behind modules that catch their own exceptions.
Outcome guardedOutcome(const std::function<Outcome()>& work);

}  // namespace preflab
