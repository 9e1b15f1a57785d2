// SPDX-License-Identifier: GPL-3.0-or-later
// A thread turns the bytes of the signal pipe into stop requests.
#include "app/cli/stop_requests.h"

#include "core/base/signal_pipe.h"
#include "core/base/system_limits.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace preflab {
namespace {

constexpr int kSignalExit = 128;  // what shells add to a signal's number
constexpr int kAbortGraceMilliseconds = 5000;
constexpr char kQuit = 'q';

int signalOf(char byte)
{
    return byte == 'i' ? SIGINT : byte == 't' ? SIGTERM : SIGHUP;
}

}  // namespace

void StopRequests::request(int signal)
{
    int none = 0;
    m_signal.compare_exchange_strong(none, signal);
    if (!m_first.request_stop()) m_second.request_stop();
}

int StopRequests::exitCode() const
{
    const int signal = m_signal;
    return kSignalExit + (signal == 0 ? SIGINT : signal);
}

SignalWatcher::SignalWatcher(StopRequests& stops) : m_stops(stops), m_started(start()) {}

Result<> SignalWatcher::start()
{
    std::signal(SIGPIPE, SIG_IGN);
    const int pipe = openSignalPipe();
    if (pipe < 0)
        return fail(ErrorCode::SystemLimit, {{"what", "file descriptors"},
                                             {"reason", std::strerror(errno)},
                                             {"remedy", "raise the limit on open files (ulimit -n)"}});
    TRY(m_thread, startThread([this, pipe] { watch(pipe); }));
    return {};
}

SignalWatcher::~SignalWatcher()
{
    if (!m_thread.joinable()) return;
    writeToSignalPipe(kQuit);
    m_thread.join();
}

void SignalWatcher::watch(int pipe)
{
    for (;;) {
        const bool isAborting = m_stops.urgent().stop_requested();
        pollfd waiting{pipe, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, isAborting ? kAbortGraceMilliseconds : -1);
        if (ready == 0) ::_exit(m_stops.exitCode());
        char byte = 0;
        if (ready < 0 || ::read(pipe, &byte, 1) != 1) continue;
        if (byte == kQuit) return;
        // A terminal that closes may send SIGHUP twice by itself: that is no second wish.
        if (byte == 'h' && m_stops.isRequested()) continue;
        if (isAborting) ::_exit(m_stops.exitCode());
        m_stops.request(signalOf(byte));
    }
}

}  // namespace preflab
