// SPDX-License-Identifier: GPL-3.0-or-later
// The storage thread: the process's only SQLite connection to a database. Callers post commands and may await them.
#pragma once

#include "core/base/result.h"
#include "core/base/statement.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace preflab {

/// How durable a command's transaction is.
enum class Durability {
    Full,    ///< edits, labels, outcomes: survives power loss (synchronous=FULL)
    Normal,  ///< per-step metrics: survives kill -9; a power cut may cost the last steps
};

/// One step of the schema; `version` counts from 1 without gaps.
struct Migration {
    std::int64_t version = 0;
    std::string sql;
};

/// Who else has a database open that is read.
enum class Neighbour {
    None,    ///< nobody writes
    Writer,  ///< a process of ours writes
};

/// A database with its storage thread (WAL). Destruction finishes posted commands. One process at a time may write:
/// whoever opens it to write holds a lock of his own (ProjectLock). SQLite before 3.51.3 can damage a log that two
/// connections write or checkpoint; readers do neither.
class Database {
public:
    /// Opens or makes the file, checks it, and migrates it, after a backup to "<file>.backup-v<old version>" when it
    /// holds data. `applicationId` (below 2^31) marks the file as ours.
    /// ProjectTooNew, ProjectInvalid (not a database of ours, failed quick_check), ProjectReadOnly, ProjectLocked
    /// (another program has locked it), SystemLimit, DiskFull, WriteFailed, DatabaseFailed.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, std::uint32_t applicationId,
                                                  const std::vector<Migration>& migrations);
    /// Opens a file that is there, to read it; nothing beside it is written but SQLite's own index of the log beside a
    /// writer. An older schema is read as the newest. A command that writes is ProjectReadOnly; one that the file was
    /// changed under is FileChanged.
    /// ProjectNotFound; ProjectTooNew, ProjectInvalid, ProjectLocked, DatabaseFailed as `open`.
    static Result<std::unique_ptr<Database>> openToRead(const std::filesystem::path& path, std::uint32_t applicationId,
                                                        const std::vector<Migration>& migrations, Neighbour neighbour);
    ~Database();

    /// Runs on the storage thread in a transaction of its own as far as anybody can see: an error or an exception
    /// (DatabaseFault or any other) takes back what this command did and reaches its `onDone`.
    using Command = std::function<Result<>(Connection&)>;
    /// Queues a command. `onDone` is called on the storage thread after the commit, and must not throw. Commands run
    /// in order; neighbouring Normal ones may share a commit.
    void post(Durability durability, Command command, std::function<void(Result<>)> onDone = {});
    /// As `post`, and waits for the acknowledgement. Not from the storage thread itself (Internal).
    Result<> call(Durability durability, Command command);

private:
    struct State;
    explicit Database(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace preflab
