// SPDX-License-Identifier: GPL-3.0-or-later
// What was open in a project when it was last left, so that it opens as it was.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/project/project.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Paths are absolute here and stored as the project stores sources (relative inside its folder).
struct ProjectState {
    std::optional<std::filesystem::path> model;
    std::optional<std::filesystem::path> data;    ///< the dataset shown
    std::vector<std::filesystem::path> datasets;  ///< every dataset opened in this project, latest first
    std::uint64_t pairs = 0;                      ///< of the dataset shown, for lists of projects
    Json draft = Json::object();                  ///< the run being composed, as the form wrote it
    std::string guidelines;                       ///< what labellers of this project are to go by, in the user's words
};

/// Reads "state.json" of the project's folder; a state without it is empty. ConfigInvalid, FileUnreadable.
Result<ProjectState> readProjectState(const Project& project);

/// Writes it, whole or not at all. WriteFailed, DiskFull.
Result<> writeProjectState(const Project& project, const ProjectState& state);

}  // namespace preflab
