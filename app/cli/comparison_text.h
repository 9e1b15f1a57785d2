// SPDX-License-Identifier: GPL-3.0-or-later
// Stored runs set side by side.
#pragma once

#include "app/cli/command.h"
#include "core/project/project.h"

#include <string>
#include <vector>

namespace preflab {

/// Prints the runs (by id, number or name) on the method-independent metrics: what they share, what differs, and a
/// table before and after.
Result<> printComparison(Context& context, Project& project, const std::vector<std::string>& runs);

}  // namespace preflab
