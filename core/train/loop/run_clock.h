// SPDX-License-Identifier: GPL-3.0-or-later
// The time that a run has computed, and what the user wishes between two pieces of its work.
#pragma once

#include "core/base/held_folder.h"
#include "core/base/result.h"
#include "core/runs/run_control.h"
#include "core/runs/run_log.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <utility>

namespace preflab {

/// Used by the run thread only; control and log outlive it.
class RunClock {
public:
    /// `folder` is where the run saves; an empty one, or one that is not there, is not looked after.
    RunClock(RunControl& control, const RunLog& log, const std::filesystem::path& folder = {});

    /// Seconds since the run began, pauses and served requests left out.
    double seconds() const;
    /// Counts what an earlier part of the run took.
    void addEarlier(double seconds) { m_paused -= seconds; }

    /// Serves requests and pauses; Cancelled when the user wants the run to end, ProjectGone or RunFolderGone when
    /// nothing that it computes can be stored any more.
    Result<> beat();
    /// RunFolderGone, or ProjectGone for all of the project, once the folder was deleted or moved, also when there is another
    /// one in its place, as that of another project. Neither comes back by itself.
    std::optional<Error> goneFolder() const;
    /// The run shall end at once, without saving.
    bool isCancelRequested() const { return m_control.isCancelRequested(); }
    /// For long calls that ask a stop token instead: it stops once this was called after the user wished the run to
    /// end, with or without saving.
    void passWishOn();
    std::stop_token stopToken() const { return m_stop.get_token(); }

    /// Is paused so long at most, until the user wants something or a request was served.
    void pauseFor(std::chrono::milliseconds longest);
    void resume() { m_control.resume(); }

    /// What RunControl::saveNow does from now on.
    void setSaver(std::function<void()> saver) { m_control.setSaver(std::move(saver)); }

private:
    using Clock = std::chrono::steady_clock;
    RunControl& m_control;
    const RunLog& m_log;
    const HeldFolder m_folder, m_project;
    Clock::time_point m_begin = Clock::now();
    double m_paused = 0.0;
    std::stop_source m_stop;
};

}  // namespace preflab
