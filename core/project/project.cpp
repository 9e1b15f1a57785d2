// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, making and tidying a project's folder.
#include "core/project/project.h"

#include "core/base/system.h"
#include "core/project/project_lock.h"
#include "core/project/project_schema.h"

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace preflab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabaseFile = "project.db";
constexpr const char* kRunsFolder = "runs";
constexpr const char* kExportsFolder = "exports";
constexpr int kDeepestStagedFolder = 3;  ///< below runs: <run>/<group>/<checkpoint>.tmp

Error invalid(const fs::path& folder, const std::string& reason)
{
    return {ErrorCode::ProjectInvalid, {{"path", folder.string()}, {"reason", reason}}, {}};
}

/// True for what a project consists of before its database is there, and for files that people do not see.
bool mayPrecedeDatabase(const fs::directory_entry& entry)
{
    const std::string name = entry.path().filename().string();
    if (name == "project.lock" || name == "project.db-journal" || name == "project.db-wal") return true;
    std::error_code failure;
    if (name == kRunsFolder || name == kExportsFolder) return fs::is_empty(entry.path(), failure) && !failure;
    return name.starts_with('.');
}

/// The folder exists afterwards, and is a project or may become one.
Result<fs::path> prepareFolder(const fs::path& folder)
{
    std::error_code failure;
    const fs::path absolute = fs::absolute(folder, failure);
    if (failure) return tl::unexpected(projectFileError(folder, failure.value()));
    fs::create_directories(absolute, failure);
    if (failure && failure.value() != ENOTDIR && failure.value() != EEXIST) {
        return tl::unexpected(projectFileError(absolute, failure.value()));
    }
    if (!fs::is_directory(absolute, failure)) {
        return tl::unexpected(invalid(absolute, "there is a file of that name where a folder is needed"));
    }
    const fs::path real = fs::canonical(absolute, failure);
    if (failure) return tl::unexpected(projectFileError(absolute, failure.value()));
    if (fs::exists(real / kDatabaseFile, failure)) return real;
    for (fs::directory_iterator entry(real, failure); !failure && entry != fs::directory_iterator();
         entry.increment(failure)) {
        if (mayPrecedeDatabase(*entry)) continue;
        return tl::unexpected(invalid(real, "it holds " + entry->path().filename().string() +
                                                " but no project.db, so it is no project, and a new one needs an "
                                                "empty folder"));
    }
    if (failure) return tl::unexpected(projectFileError(real, failure.value()));
    return real;
}

/// Folders that a killed process was still filling: complete ones have been renamed.
void removeStagedFolders(const fs::path& runs)
{
    std::error_code failure;
    std::vector<fs::path> staged;
    for (fs::recursive_directory_iterator entry(runs, failure); !failure && entry != fs::recursive_directory_iterator();
         entry.increment(failure)) {
        if (!entry->is_directory(failure) || entry->is_symlink(failure)) continue;
        if (entry->path().extension() == ".tmp") staged.push_back(entry->path());
        if (entry.depth() + 1 >= kDeepestStagedFolder) entry.disable_recursion_pending();
    }
    for (const fs::path& path : staged) fs::remove_all(path, failure);
}

Result<> makeSubfolders(const fs::path& folder)
{
    for (const char* name : {kRunsFolder, kExportsFolder}) {
        std::error_code failure;
        fs::create_directory(folder / name, failure);
        if (failure) return tl::unexpected(projectFileError(folder / name, failure.value()));
    }
    return {};
}

/// We hold the lock, so nobody runs what still looks alive.
Result<> closeInterruptedRuns(Database& database)
{
    return database.call(Durability::Full, [](Connection& connection) -> Result<> {
        connection.execute("UPDATE runs SET outcome = 'interrupted' WHERE outcome IN ('waiting', 'running')");
        return {};
    });
}

bool isInside(const fs::path& relative)
{
    return !relative.empty() && !relative.is_absolute() && *relative.begin() != "..";
}

}  // namespace

struct Project::State {
    State(fs::path path, ProjectLock held) : folder(std::move(path)), lock(std::move(held)) {}

    fs::path folder;
    ProjectLock lock;  ///< released after the database is closed
    std::unique_ptr<Database> database;
};

Project::Project(std::unique_ptr<State> state) : m_state(std::move(state)) {}

Project::~Project() = default;

Result<std::unique_ptr<Project>> Project::open(const fs::path& folder)
{
    TRY(const fs::path real, prepareFolder(folder));
    TRY(auto lock, ProjectLock::take(real));
    auto state = std::make_unique<State>(real, std::move(lock));
    TRY(state->database, Database::open(real / kDatabaseFile, kProjectApplicationId, projectMigrations()));
    TRY_VOID(makeSubfolders(real));
    TRY_VOID(closeInterruptedRuns(*state->database));
    removeStagedFolders(real / kRunsFolder);
    return std::unique_ptr<Project>(new Project(std::move(state)));
}

fs::path Project::defaultFolder()
{
    return dataFolder() / "default";
}

const fs::path& Project::folder() const
{
    return m_state->folder;
}

fs::path Project::runFolder(const std::string& run) const
{
    return m_state->folder / kRunsFolder / run;
}

fs::path Project::exportsFolder() const
{
    return m_state->folder / kExportsFolder;
}

Database& Project::database()
{
    return *m_state->database;
}

std::string Project::storedPath(const fs::path& source) const
{
    std::error_code failure;
    fs::path absolute = fs::absolute(source, failure).lexically_normal();
    if (failure) return source.string();
    // A link inside the project counts as inside, wherever it points; a path that only reaches the project through
    // links outside does too.
    for (const fs::path& path : {absolute, fs::weakly_canonical(absolute, failure)}) {
        const fs::path relative = path.lexically_relative(m_state->folder);
        if (isInside(relative)) return relative.generic_string();
    }
    return absolute.string();
}

fs::path Project::sourcePath(const std::string& stored) const
{
    const fs::path path(stored);
    return path.is_absolute() ? path : (m_state->folder / path).lexically_normal();
}

}  // namespace preflab
