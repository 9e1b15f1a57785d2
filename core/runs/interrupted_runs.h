// SPDX-License-Identifier: GPL-3.0-or-later
// What a killed process left of its runs.
#pragma once

#include "core/base/result.h"
#include "core/project/project.h"

#include <filesystem>
#include <memory>
#include <string>

namespace preflab {

/// True for the outcomes of runs that are not over: "waiting" and "running".
bool isUnfinished(const std::string& outcome);

/// Opens a project to work in it (Project::open) and puts right what a killed process left: nobody else holds the lock, so
/// its unfinished runs count as interrupted, and the half-written weights in their folders go. Only folders that the
/// database names are looked into, and no link is followed. As Project::open; DatabaseFailed.
Result<std::unique_ptr<Project>> openProjectToRun(const std::filesystem::path& folder);

}  // namespace preflab
