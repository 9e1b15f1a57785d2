// SPDX-License-Identifier: GPL-3.0-or-later
// Reports of stored runs, as files.
#pragma once

#include "app/cli/command.h"
#include "core/project/project.h"
#include "core/runs/run_store.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Writes an HTML report of the runs (by id, number or name), to `target` or to a name made from the runs in the
/// project's exports folder; returns where.
Result<std::filesystem::path> writeReport(Context& context, Project& project, const std::vector<std::string>& runs,
                                          const std::string& title, const std::optional<std::filesystem::path>& target);

}  // namespace preflab
