// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+C and friends as stop tokens: the first request ends politely, the second at once.
#pragma once

#include <stop_token>
#include <thread>

namespace preflab {

/// What the user asked for so far. Thread-safe; `stop_callback`s on the tokens run on the requesting thread.
class StopRequests {
public:
    /// One more request.
    void request();
    bool isRequested() const { return m_first.stop_requested(); }
    /// Stop after the step and save; jobs without steps just stop.
    std::stop_token polite() const { return m_first.get_token(); }
    /// Abort.
    std::stop_token urgent() const { return m_second.get_token(); }

private:
    std::stop_source m_first;
    std::stop_source m_second;
};

/// While alive: SIGINT counts as one request each; SIGTERM and SIGHUP ask politely once. SIGPIPE is ignored,
/// so that a closed pipe is an error of `write`. A third SIGINT, or a job that ignores the second for some
/// seconds, ends the process with 130; stored data survives that like any kill.
class SignalWatcher {
public:
    explicit SignalWatcher(StopRequests& stops);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

private:
    void watch(int pipe);
    StopRequests& m_stops;
    std::thread m_thread;
};

}  // namespace preflab
