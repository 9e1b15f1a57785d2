// SPDX-License-Identifier: GPL-3.0-or-later
// The self-pipe.
#include "core/base/signal_pipe.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace preflab {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

int signalPipe[2] = {-1, -1};

extern "C" void preflabOnSignal(int number)
{
    const int savedErrno = errno;
    writeToSignalPipe(number == SIGINT ? 'i' : number == SIGTERM ? 't' : 'h');
    errno = savedErrno;
}

void install(int number)
{
    struct sigaction previous {};
    if (::sigaction(number, nullptr, &previous) == 0 && previous.sa_handler == SIG_IGN) return;
    struct sigaction action {};
    action.sa_handler = &preflabOnSignal;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

}  // namespace

int openSignalPipe()
{
    if (signalPipe[0] < 0 && ::pipe2(signalPipe, O_CLOEXEC) != 0) return -1;
    for (const int number : kSignals) install(number);
    return signalPipe[0];
}

void writeToSignalPipe(char byte)
{
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[1], &byte, 1);
}

}  // namespace preflab
