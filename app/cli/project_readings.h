// SPDX-License-Identifier: GPL-3.0-or-later
// What a command with --project reads, so that no output replaces it.
#pragma once

#include "app/cli/arguments.h"
#include "core/base/output_guard.h"
#include "core/runs/run_store.h"

#include <filesystem>
#include <vector>

namespace preflab {

/// The folder of --project, or of the default project; it need not exist.
std::filesystem::path projectFolder(const Arguments& arguments);

/// The files of a project that PrefLab itself keeps, and all of its runs; exports are the user's.
std::vector<Reading> projectReadings(const std::filesystem::path& folder);

/// What a stored run was made from.
std::vector<Reading> sourcesOf(const RunRecord& record);

}  // namespace preflab
