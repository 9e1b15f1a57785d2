// SPDX-License-Identifier: GPL-3.0-or-later
// How other threads steer a run: pause, resume, stop-and-save, cancel, and requests served between two steps.
#pragma once

#include "core/base/result.h"

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
    /// Work that wants the compute thread: a generate or score request. `isAbandoned` is true when the run ended
    /// before it could be served.
    using Request = std::function<void()>;

    void pause();
    void resume();
    /// Finish the step, save a checkpoint, end as cancelled.
    void stopAndSave();
    /// End as soon as possible without saving.
    void cancel();

    bool isPaused() const;
    bool isStopRequested() const;    ///< stopAndSave or cancel
    bool isCancelRequested() const;  ///< cancel
    /// Requested together with `cancel`; for jobs that poll a stop token.
    std::stop_token cancelToken() const { return m_cancel.get_token(); }

    /// Queues a request for the next gap between two steps.
    void post(Request request);
    /// Run thread: serves queued requests, waits while paused (serving requests meanwhile); returns the seconds
    /// spent paused, so that clocks can leave them out.
    double betweenSteps();
    /// Run thread: serves what is still queued when the run ends.
    void drainRequests();

private:
    mutable std::mutex m_mutex;           ///< protects the fields below
    std::condition_variable m_wake;
    bool m_isPaused = false;
    bool m_isStopRequested = false;
    std::deque<Request> m_requests;
    std::stop_source m_cancel;
};

}  // namespace preflab
