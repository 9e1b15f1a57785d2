// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli: the only unit of the command line that names an engine.
#include "app/cli/command_line.h"
#include "core/base/resources.h"
#include "core/base/standard_streams.h"
#include "core/train/backend/torch_backend.h"

#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

namespace {

int terminalColumns()
{
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
    return size.ws_col;
}

}  // namespace

int main(int argc, char** argv)
{
    using namespace preflab;
    reserveStandardStreams();
    StopRequests stops;
    const SignalWatcher watcher(stops);
    Console console({.out = writeToDescriptor(STDOUT_FILENO),
                     .err = writeToDescriptor(STDERR_FILENO),
                     .isTerminal = ::isatty(STDERR_FILENO) != 0,
                     .columns = terminalColumns()});
    if (const auto& started = watcher.started(); !started) {
        console.error(started.error());
        return exitCode(started.error().code);
    }
    TorchBackend backend;
    Context context{backend, console, stops, executablePath()};
    return runCommandLine(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), context);
}
