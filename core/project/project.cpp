// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, making and tidying a project's folder.
#include "core/project/project.h"

#include "core/base/database_connection.h"
#include "core/base/file_error.h"
#include "core/base/system.h"
#include "core/project/path_text.h"
#include "core/project/project_lock.h"
#include "core/project/project_schema.h"
#include "core/project/run_id.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabaseFile = "project.db";
constexpr const char* kLockFile = "project.lock";
constexpr const char* kRunsFolder = "runs";
constexpr const char* kExportsFolder = "exports";

Error invalid(const fs::path& folder, const std::string& reason)
{
    return {ErrorCode::ProjectInvalid, {{"path", folder.string()}, {"reason", reason}}, {}};
}

Error notMade(const fs::path& folder, const std::string& reason)
{
    return {ErrorCode::ProjectNotMade, {{"path", folder.string()}, {"reason", reason}}, {}};
}

/// A link on the way to `path` behind which there is nothing, with what it leads to: "/a/b is a link to /c, which is not
/// there"; nothing where the way is free.
std::optional<std::string> danglingLinkIn(const fs::path& path)
{
    fs::path place;
    for (const fs::path& part : path) {
        place /= part;
        std::error_code failure;
        if (!fs::is_symlink(place, failure) || fs::exists(place, failure)) continue;
        return place.string() + " is a link to " + fs::read_symlink(place, failure).string() + ", which is not there";
    }
    return std::nullopt;
}

/// What is wrong with a folder whose path leaves no room for a database's, by the limit of SQLite; nothing for others.
std::optional<std::string> tooLong(const fs::path& folder)
{
    std::error_code failure;
    const fs::path place = fs::weakly_canonical(folder, failure);
    const std::size_t most = longestDatabasePath() - (std::string("/") + kDatabaseFile).size();
    const std::size_t bytes = (failure ? folder : place).string().size();
    if (bytes <= most) return std::nullopt;
    return "its path has " + countText(bytes) + " bytes, and a project's may have " + countText(most);
}

/// True for what a project consists of before its database is there, and for files that people do not see.
bool mayPrecedeDatabase(const fs::directory_entry& entry)
{
    const std::string name = entry.path().filename().string();
    if (name == kLockFile || name == kDatabaseFile || name == "project.db-journal" || name == "project.db-wal" ||
        name == "project.db-shm") {
        return true;
    }
    std::error_code failure;
    if (name == kRunsFolder || name == kExportsFolder)
        return fs::is_directory(entry.path(), failure) && fs::is_empty(entry.path(), failure) && !failure;
    return name.starts_with('.');
}

/// The first thing in a folder that a project without its database would not hold; empty: there is none.
Result<std::string> strangerIn(const fs::path& folder)
{
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure); !failure && entry != fs::directory_iterator();
         entry.increment(failure))
        if (!mayPrecedeDatabase(*entry)) return entry->path().filename().string();
    if (failure) return tl::unexpected(projectFileError(folder, failure.value()));
    return std::string();
}

/// Nothing is read from an empty database, so a folder with one is as one without. `failure` is why it cannot be known.
bool hasDatabase(const fs::path& folder, std::error_code& failure)
{
    const fs::path database = folder / kDatabaseFile;
    if (!fs::exists(database, failure)) return false;
    std::error_code ignored;
    return !fs::is_regular_file(database, ignored) || fs::file_size(database, ignored) > 0;
}

/// What is said of a folder that was a project, as the lock and what lies beside it tell, and has lost its database;
/// nothing for others.
std::optional<Error> lostDatabase(const fs::path& folder)
{
    std::error_code failure;
    if (!fs::exists(folder / kLockFile, failure)) return std::nullopt;
    const auto stranger = strangerIn(folder);
    if (!stranger || stranger->empty()) return std::nullopt;
    const bool isThere = fs::exists(folder / kDatabaseFile, failure);
    return invalid(folder, "it holds " + *stranger + ", but its project.db is " + (isThere ? "empty" : "gone"));
}

/// The folder exists afterwards, and is a project or may become one.
Result<fs::path> prepareFolder(const fs::path& folder)
{
    std::error_code failure;
    const fs::path absolute = fs::absolute(folder, failure);
    if (failure) return tl::unexpected(projectFileError(folder, failure.value()));
    if (const auto link = danglingLinkIn(absolute)) return tl::unexpected(notMade(absolute, *link));
    if (const auto excess = tooLong(absolute)) return tl::unexpected(notMade(absolute, *excess));
    fs::create_directories(absolute, failure);
    if (failure && failure.value() != ENOTDIR && failure.value() != EEXIST) {
        return tl::unexpected(projectFileError(absolute, failure.value()));
    }
    if (!fs::is_directory(absolute, failure)) {
        return tl::unexpected(notMade(absolute, "there is a file of that name where a folder is needed"));
    }
    const fs::path real = fs::canonical(absolute, failure);
    if (failure) return tl::unexpected(projectFileError(absolute, failure.value()));
    const bool isProject = hasDatabase(real, failure);
    if (failure) return tl::unexpected(readError(real, failure.value()));
    if (isProject) return real;
    if (const auto lost = lostDatabase(real)) return tl::unexpected(*lost);
    TRY(const std::string stranger, strangerIn(real));
    if (stranger.empty()) return real;
    return tl::unexpected(notMade(real, "it holds " + stranger +
                                            " but no project.db, so it is no project, and a new one needs an empty "
                                            "folder"));
}

Result<> makeSubfolders(const fs::path& folder)
{
    for (const char* name : {kRunsFolder, kExportsFolder}) {
        std::error_code failure;
        fs::create_directory(folder / name, failure);
        if (failure.value() == EEXIST) {
            return tl::unexpected(invalid(folder, std::string(name) + " is a link to a folder that is not there, or no "
                                                                      "folder"));
        }
        if (failure) return tl::unexpected(projectFileError(folder / name, failure.value()));
    }
    return {};
}

/// A log that is gone although the database was never closed held the last changes.
std::optional<Error> missingChanges(const fs::path& folder, const ProjectLock& lock)
{
    std::error_code failure;
    const fs::path database = folder / kDatabaseFile;
    const fs::path log = writeAheadLogOf(database);
    if (!lock.wasLeftOpen() || !fs::exists(database, failure) || fs::exists(log, failure)) return std::nullopt;
    return Error{ErrorCode::ChangesMissing, {{"path", folder.string()}, {"file", log.filename().string()}}, {}};
}

/// Why there is no project to read in `folder`, where looking for one gave `failure`.
Error noProject(const fs::path& folder, const std::error_code& failure)
{
    std::error_code ignored;
    const fs::path absolute = fs::absolute(folder, ignored);
    if (failure && failure != std::errc::no_such_file_or_directory && failure != std::errc::not_a_directory)
        return readError(absolute, failure.value());
    if (auto lost = lostDatabase(absolute)) return *std::move(lost);
    const auto link = danglingLinkIn(absolute);
    return {ErrorCode::ProjectNotFound, {{"path", absolute.string() + (link ? " (" + *link + ")" : "")}}, {}};
}

bool isInside(const fs::path& relative)
{
    return !relative.empty() && !relative.is_absolute() && *relative.begin() != "..";
}

}  // namespace

struct Project::State {
    State(fs::path path, std::optional<ProjectLock> held) : folder(std::move(path)), lock(std::move(held)) {}
    ~State()
    {
        // Commands that are still to be done lie in the log from here on, if their process is killed.
        if (lock && database) lock->noteOpen(false);
        database.reset();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    fs::path folder;
    std::optional<ProjectLock> lock;  ///< released after the database is closed
    std::unique_ptr<Database> database;
    std::optional<Error> warning;
    bool isUsedElsewhere = false;
};

Project::Project(std::unique_ptr<State> state) : m_state(std::move(state)) {}

Project::~Project() = default;

Result<std::unique_ptr<Project>> Project::open(const fs::path& folder)
{
    TRY(const fs::path real, prepareFolder(folder));
    TRY(auto lock, ProjectLock::take(real));
    auto warning = missingChanges(real, lock);
    auto state = std::make_unique<State>(real, std::move(lock));
    state->warning = std::move(warning);
    TRY(state->database, Database::open(real / kDatabaseFile, kProjectApplicationId, projectMigrations()));
    TRY_VOID(checkRunIds(*state->database, real));
    // Without a log, as on some network file systems, nothing is missed after a kill.
    std::error_code failure;
    state->lock->noteOpen(fs::exists(writeAheadLogOf(real / kDatabaseFile), failure));
    TRY_VOID(makeSubfolders(real));
    return std::unique_ptr<Project>(new Project(std::move(state)));
}

Result<std::unique_ptr<Project>> Project::openToRead(const fs::path& folder)
{
    std::error_code failure;
    const fs::path real = fs::canonical(folder, failure);
    if (failure || !hasDatabase(real, failure)) return tl::unexpected(noProject(folder, failure));
    if (const auto excess = tooLong(real)) return tl::unexpected(readError(real, *excess, "move it up some folders"));
    auto state = std::make_unique<State>(real, std::nullopt);
    // Held while opening only: a long export must not keep anybody from training.
    const ProjectLock lock = ProjectLock::takeToRead(real);
    state->isUsedElsewhere = lock.isWriterActive();
    state->warning = missingChanges(real, lock);
    TRY(state->database, Database::openToRead(real / kDatabaseFile, kProjectApplicationId, projectMigrations(),
                                              lock.isWriterActive() ? Neighbour::Writer : Neighbour::None));
    TRY_VOID(checkRunIds(*state->database, real));
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

bool Project::isReadOnly() const
{
    return !m_state->lock.has_value();
}

bool Project::isUsedElsewhere() const
{
    return m_state->isUsedElsewhere;
}

const std::optional<Error>& Project::warning() const
{
    return m_state->warning;
}

std::string Project::storedPath(const fs::path& source) const
{
    std::error_code failure;
    fs::path absolute = fs::absolute(source, failure).lexically_normal();
    if (failure) return pathText(source);
    // A link inside the project counts as inside, wherever it points; a path that only reaches the project through
    // links outside does too.
    for (const fs::path& path : {absolute, fs::weakly_canonical(absolute, failure)}) {
        const fs::path relative = path.lexically_relative(m_state->folder);
        if (isInside(relative)) return pathText(relative);
    }
    return pathText(absolute);
}

fs::path Project::sourcePath(const std::string& stored) const
{
    const fs::path path = pathOfText(stored);
    return path.is_absolute() ? path : (m_state->folder / path).lexically_normal();
}

}  // namespace preflab
