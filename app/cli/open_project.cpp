// SPDX-License-Identifier: GPL-3.0-or-later
// --project, and what a project has to say of itself.
#include "app/cli/open_project.h"

#include "app/cli/project_readings.h"
#include "core/runs/interrupted_runs.h"

#include <string>
#include <utility>

namespace preflab {
namespace {

Result<std::unique_ptr<Project>> warned(Context& context, Result<std::unique_ptr<Project>> project)
{
    if (!project || !(*project)->warning()) return project;
    const std::string text = sentence(*(*project)->warning());
    context.console.line("warning: " + text);
    context.console.event({{"event", "warning"}, {"text", text}});
    return project;
}

}  // namespace

Result<std::unique_ptr<Project>> openProject(Context& context, const std::filesystem::path& folder)
{
    return warned(context, openProjectToRun(folder));
}

Result<std::unique_ptr<Project>> openProject(Context& context, const Arguments& arguments)
{
    return openProject(context, projectFolder(arguments));
}

std::unique_ptr<Project> existingProject(const Arguments& arguments)
{
    auto project = Project::openToRead(projectFolder(arguments));
    return project ? *std::move(project) : nullptr;
}

Result<std::unique_ptr<Project>> openProjectToRead(Context& context, const Arguments& arguments)
{
    return warned(context, Project::openToRead(projectFolder(arguments)));
}

}  // namespace preflab
