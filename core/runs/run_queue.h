// SPDX-License-Identifier: GPL-3.0-or-later
// One compute queue: runs one after the other, each on a std::jthread of its own; generate and score requests are
// served between two steps of the running one.
#pragma once

#include "core/base/result.h"
#include "core/runs/backend.h"
#include "core/runs/run.h"
#include "core/runs/run_store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace preflab {

/// Where a run of the project may write; without an id: what has no folder of its own (an estimate).
RunFolders foldersOf(const Project& project, const std::string& run);

/// Owns the runs of one project. Thread-safe; backend and project outlive it.
class RunQueue {
public:
    RunQueue(Backend& backend, Project& project, ThreadStarter startThread = &preflab::startThread);
    ~RunQueue();  ///< cancels what runs and waits, and joins; outcomes are stored
    RunQueue(const RunQueue&) = delete;
    RunQueue& operator=(const RunQueue&) = delete;

    /// Stores the run and queues it; it starts when nothing else runs, and trains on the edits of now. Its outcome is
    /// stored before it is over. To end a waiting run, stop or cancel it by its control. SystemLimit when the queue has
    /// no thread of its own and gets none; a run that gets none when its turn comes ends as failed, and the next starts.
    /// `opened`: of the run's datasets those that are open already, with the project's edits of now.
    Result<std::shared_ptr<Run>> start(const RunSpec& spec, OpenedData opened = {});
    /// Serves a generate request: between two steps of the running run, or at once. Blocks the caller; a stop before
    /// its turn is Cancelled.
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
