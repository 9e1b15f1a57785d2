// SPDX-License-Identifier: GPL-3.0-or-later
// One command of preflab-cli. Adding one is one file in app/cli/commands that defines `command_<stem>`.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "core/base/result.h"
#include "core/runs/backend.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace preflab {

/// What every command works with. Nothing here names an engine.
struct Context {
    Backend& backend;
    Console& console;
    StopRequests& stops;
    std::filesystem::path executable;  ///< to find the resources beside it
};

/// One command. `run` returns the exit code of a command that came to its end, or the error to print.
struct CommandInfo {
    std::string id = {};                     ///< "train"
    std::string summary = {};                ///< one line of `preflab-cli --help`
    std::string description = {};            ///< what --help says below the usage line
    std::vector<std::string> examples = {};  ///< whole command lines
    std::vector<Operand> operands = {};
    /// Its flags; those made from parameters ask the backend.
    std::vector<Flag> (*flags)(const Backend& backend) = nullptr;
    Result<int> (*run)(Context& context, const Arguments& arguments) = nullptr;
};

/// All commands, in order of their file names.
std::span<const CommandInfo* const> commands();

}  // namespace preflab
