// SPDX-License-Identifier: GPL-3.0-or-later
// From words to a command and its exit code.
#pragma once

#include "app/cli/command.h"

#include <string>
#include <vector>

namespace preflab {

/// Runs one command line (without the program's name) and returns the exit code. Never throws.
int runCommandLine(const std::vector<std::string>& words, Context& context);

}  // namespace preflab
