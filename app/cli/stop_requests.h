// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+C and friends as stop tokens: the first request ends politely, the second at once.
#pragma once

#include "core/base/result.h"

#include <atomic>
#include <stop_token>
#include <thread>

namespace preflab {

/// What the user asked for so far. Thread-safe; `stop_callback`s on the tokens run on the requesting thread.
class StopRequests {
public:
    /// One more request, by a signal (its number, as in <csignal>).
    void request(int signal);
    /// The exit code of a program that these requests ended, as shells report signals: 130 for SIGINT, 143 for SIGTERM;
    /// of several requests the first counts. 130 without any.
    int exitCode() const;
    bool isRequested() const { return m_first.stop_requested(); }
    /// Stop after the step and save; jobs without steps just stop.
    std::stop_token polite() const { return m_first.get_token(); }
    /// Abort.
    std::stop_token urgent() const { return m_second.get_token(); }

private:
    std::atomic<int> m_signal = 0;  ///< of the first request; 0: none
    std::stop_source m_first;
    std::stop_source m_second;
};

/// While alive: SIGINT and SIGTERM count as one request each; SIGHUP asks politely once. SIGPIPE is ignored, so that a
/// closed pipe is an error of `write`. A third signal, or a job that ignores the second for some seconds, ends the
/// process with the exit code of the first; stored data survives that like any kill.
class SignalWatcher {
public:
    explicit SignalWatcher(StopRequests& stops);
    /// SystemLimit if there is no pipe or no thread: then signals end the process at once.
    const Result<>& started() const { return m_started; }
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

private:
    Result<> start();
    void watch(int pipe);
    StopRequests& m_stops;
    std::jthread m_thread;
    Result<> m_started;
};

}  // namespace preflab
