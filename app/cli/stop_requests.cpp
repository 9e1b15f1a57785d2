// SPDX-License-Identifier: GPL-3.0-or-later
// A thread turns the bytes of the signal pipe into stop requests.
#include "app/cli/stop_requests.h"

#include "core/base/signal_pipe.h"

#include <csignal>
#include <poll.h>
#include <unistd.h>

namespace preflab {
namespace {

constexpr int kStoppedByUser = 130;
constexpr int kAbortGraceMilliseconds = 5000;
constexpr char kQuit = 'q';

}  // namespace

void StopRequests::request()
{
    if (!m_first.request_stop()) m_second.request_stop();
}

SignalWatcher::SignalWatcher(StopRequests& stops) : m_stops(stops)
{
    std::signal(SIGPIPE, SIG_IGN);
    const int pipe = openSignalPipe();
    if (pipe >= 0) m_thread = std::thread([this, pipe] { watch(pipe); });
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
        if (ready == 0) ::_exit(kStoppedByUser);
        char byte = 0;
        if (ready < 0 || ::read(pipe, &byte, 1) != 1) continue;
        if (byte == kQuit) return;
        if (byte == 'i' && isAborting) ::_exit(kStoppedByUser);
        if (byte == 'i' || !m_stops.isRequested()) m_stops.request();
    }
}

}  // namespace preflab
