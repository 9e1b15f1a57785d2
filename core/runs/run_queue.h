// SPDX-License-Identifier: GPL-3.0-or-later
// One compute queue: runs one after the other, each on a std::jthread of its own; generate and score requests are
// served between two steps of the running one.
#pragma once

#include "core/base/result.h"
#include "core/runs/backend.h"
#include "core/runs/run_control.h"
#include "core/runs/run_log.h"
#include "core/runs/run_store.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace preflab {

/// A run that is waiting, running or over. Shared by queue and readers.
class Run {
public:
    using Body = std::function<Outcome(RunControl&, RunLog&)>;
    /// `onEnd` is called on the run's thread; it must only post.
    Run(std::string id, Body body, std::function<void(const Outcome&)> onEnd);
    ~Run();                       ///< cancels and joins
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    const std::string& id() const { return m_id; }
    /// Starts the thread (lower priority, so that a window stays quick).
    void start();
    RunControl& control() { return m_control; }
    RunLog& log() { return m_log; }
    bool isOver() const;
    /// The outcome once the run is over; waits for it.
    Outcome wait();

private:
    struct State;
    std::string m_id;
    RunControl m_control;
    RunLog m_log;
    std::unique_ptr<State> m_state;   ///< body, outcome and the thread; the thread is joined first
};

/// Owns the runs of one project.
class RunQueue {
public:
    RunQueue(Backend& backend, Project& project);
    ~RunQueue();                  ///< stops the running run and joins
    /// Stores the run and queues it; it starts when nothing else runs.
    Result<std::shared_ptr<Run>> start(const RunSpec& spec);
    /// Serves a generate request: between two steps of the running run, or at once. Blocks the caller.
    Result<> generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop);
    /// As `generate`, for scoring.
    Result<> score(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                   std::stop_token stop);
    RunStore& store();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace preflab
