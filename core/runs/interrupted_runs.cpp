// SPDX-License-Identifier: GPL-3.0-or-later
// Tidying before the first run of a session.
#include "core/runs/interrupted_runs.h"

#include "core/runs/trained_model.h"

#include <system_error>
#include <vector>

namespace preflab {
namespace {

namespace fs = std::filesystem;

bool isOwnFolder(const fs::path& path)
{
    std::error_code failure;
    return fs::symlink_status(path, failure).type() == fs::file_type::directory;
}

/// The ids of runs that nobody can be working on any more.
Result<std::vector<std::string>> unfinishedRuns(Project& project)
{
    std::vector<std::string> ids;
    TRY_VOID(project.database().call(Durability::Normal, [&](Connection& connection) -> Result<> {
        Statement rows = connection.prepare("SELECT id, outcome FROM runs ORDER BY number");
        while (rows.step())
            if (isUnfinished(rows.text(1))) ids.push_back(rows.text(0));
        return {};
    }));
    return ids;
}

/// Weights that were being written: complete ones have been renamed.
void removeStagedWeights(const fs::path& runFolder)
{
    std::error_code failure;
    std::vector<fs::path> staged;
    for (fs::directory_iterator entry(runFolder, failure); !failure && entry != fs::directory_iterator();
         entry.increment(failure)) {
        const fs::path& path = entry->path();
        if (path.extension() == ".tmp" && isWeightsFolderName(path.stem().string()) && isOwnFolder(path))
            staged.push_back(path);
    }
    for (const fs::path& path : staged) fs::remove_all(path, failure);
}

}  // namespace

bool isUnfinished(const std::string& outcome)
{
    return outcome == "waiting" || outcome == "running";
}

Result<std::unique_ptr<Project>> openProjectToRun(const fs::path& folder)
{
    TRY(auto project, Project::open(folder));
    TRY(const auto ids, unfinishedRuns(*project));
    if (ids.empty()) return project;
    for (const std::string& id : ids) {
        const fs::path runFolder = project->runFolder(id);
        if (isOwnFolder(runFolder.parent_path()) && isOwnFolder(runFolder)) removeStagedWeights(runFolder);
    }
    // Last, so that a kill in between leaves them to be tidied.
    TRY_VOID(project->database().call(Durability::Full, [&](Connection& connection) -> Result<> {
        for (const std::string& id : ids)
            connection.prepare("UPDATE runs SET outcome = 'interrupted' WHERE id = ?1").bind(id).step();
        return {};
    }));
    return project;
}

}  // namespace preflab
