// SPDX-License-Identifier: GPL-3.0-or-later
// What --help prints.
#pragma once

#include "app/cli/command.h"

#include <string>
#include <vector>

namespace preflab {

/// All commands with their summaries, exit codes and first examples.
std::string overviewText();
/// "preflab-cli 0.1.0".
std::string versionText();
/// Usage, description, examples, operands and flags (grouped) of one command.
std::string helpText(const CommandInfo& command, const std::vector<Flag>& flags);

}  // namespace preflab
