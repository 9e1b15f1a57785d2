// SPDX-License-Identifier: GPL-3.0-or-later
// The self-pipe: the handler writes one byte, a thread turns bytes into stop requests.
#include "app/cli/stop_requests.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace preflab {

namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
constexpr int kStoppedByUser = 130;
constexpr int kAbortGraceMilliseconds = 5000;
constexpr char kQuit = 'q';

// The pipe lives as long as the process: a signal may arrive while the watcher is being destroyed.
int signalPipe[2] = {-1, -1};

extern "C" void preflabOnSignal(int number)
{
    const int savedErrno = errno;
    const char byte = number == SIGINT ? 'i' : 't';
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[1], &byte, 1);
    errno = savedErrno;
}

void install(int number)
{
    struct sigaction previous {};
    // nohup and shells' background jobs ignore signals on purpose; that stays so.
    if (::sigaction(number, nullptr, &previous) == 0 && previous.sa_handler == SIG_IGN) return;
    struct sigaction action {};
    action.sa_handler = &preflabOnSignal;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

}  // namespace

void StopRequests::request()
{
    if (!m_first.request_stop()) m_second.request_stop();
}

SignalWatcher::SignalWatcher(StopRequests& stops) : m_stops(stops)
{
    std::signal(SIGPIPE, SIG_IGN);
    if (signalPipe[0] < 0 && ::pipe2(signalPipe, O_CLOEXEC) != 0) return;  // without a pipe signals keep their defaults
    m_thread = std::thread([this] { watch(); });
    for (const int number : kSignals) install(number);
}

SignalWatcher::~SignalWatcher()
{
    if (!m_thread.joinable()) return;
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[1], &kQuit, 1);
    m_thread.join();
}

void SignalWatcher::watch()
{
    for (;;) {
        const bool isAborting = m_stops.urgent().stop_requested();
        pollfd waiting{signalPipe[0], POLLIN, 0};
        const int ready = ::poll(&waiting, 1, isAborting ? kAbortGraceMilliseconds : -1);
        if (ready == 0) ::_exit(kStoppedByUser);
        char byte = 0;
        if (ready < 0 || ::read(signalPipe[0], &byte, 1) != 1) continue;
        if (byte == kQuit) return;
        if (byte == 'i' && isAborting) ::_exit(kStoppedByUser);
        if (byte == 'i' || !m_stops.isRequested()) m_stops.request();
    }
}

}  // namespace preflab
