// SPDX-License-Identifier: GPL-3.0-or-later
// The project that a command works in or reads.
#pragma once

#include "app/cli/command.h"
#include "core/project/project.h"

#include <filesystem>
#include <memory>

namespace preflab {

/// The project in `folder`, to work in it. Says what the project warns of.
Result<std::unique_ptr<Project>> openProject(Context& context, const std::filesystem::path& folder);

/// The project named by --project, or the default one, to work in it.
Result<std::unique_ptr<Project>> openProject(Context& context, const Arguments& arguments);

/// The same, to read it before a run makes it or works in it; null where there is none yet, or none that can be read: what
/// is wrong with it is said when it is opened to work in it.
std::unique_ptr<Project> existingProject(const Arguments& arguments);

/// The same, to read it, also beside a run of another process. Makes none: ProjectNotFound.
Result<std::unique_ptr<Project>> openProjectToRead(Context& context, const Arguments& arguments);

}  // namespace preflab
