// SPDX-License-Identifier: GPL-3.0-or-later
// How other threads steer a run: pause, resume, save, stop-and-save, cancel, and requests served between two steps.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>

namespace preflab {

/// Thread-safe. The run thread polls; everybody else only asks.
class RunControl {
public:
    /// Work that wants the compute thread: a generate or score request. Must not throw.
    using Request = std::function<void()>;

    void pause();
    void resume();
    /// Save a checkpoint after the current step, or at once while paused, and go on. False when the run is over.
    bool saveNow();
    /// Finish the step, save a checkpoint, end as cancelled.
    void stopAndSave();
    /// End as soon as possible without saving.
    void cancel();

    bool isPaused() const;
    bool isStopRequested() const;    ///< stopAndSave or cancel
    bool isCancelRequested() const;  ///< cancel
    /// Called on the asking thread after stopAndSave or cancel; a queue uses it to end a run that is still waiting.
    void setOnStop(std::function<void()> onStop);

    /// Run thread: what saveNow asks for, called between two steps; empty when saving makes no sense (any more).
    void setSaver(std::function<void()> saver);

    /// Queues a request for the next gap between two steps. False, without taking it, when the run is over.
    bool post(Request request);
    /// Run thread: serves queued requests, waits while paused (serving requests meanwhile; a stop ends the pause);
    /// returns the seconds it took, so that clocks can leave them out.
    double betweenSteps();
    /// Run thread: waits so long at most, serving requests meanwhile, to try something again. Any wish of the user
    /// (resume, save, stop, cancel, a request) ends it. Returns the seconds it took.
    double waitForWish(std::chrono::milliseconds longest);
    /// Run thread: serves what is still queued when the run ends; `post` refuses from then on.
    void drainRequests();

private:
    void serveQueued(std::unique_lock<std::mutex>& lock);
    void requestStop();

    mutable std::mutex m_mutex;  ///< protects the fields below
    std::condition_variable m_wake;
    bool m_isPaused = false;
    bool m_isStopRequested = false;
    bool m_isOver = false;
    std::uint64_t m_wishes = 0;  ///< how often somebody wanted something
    std::deque<Request> m_requests;
    std::function<void()> m_onStop;
    std::function<void()> m_saver;
    std::stop_source m_cancel;  ///< thread-safe by itself
};

}  // namespace preflab
