// SPDX-License-Identifier: GPL-3.0-or-later
// The storage thread: the only SQLite connection to a database. Callers post commands and may await them.
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

/// A database with its storage thread (WAL, one connection). Destruction finishes posted commands.
class Database {
public:
    /// Opens or makes the file, checks it, and migrates it, after a backup to "<file>.backup-v<old version>" when it
    /// holds data. `applicationId` (below 2^31) marks the file as ours.
    /// ProjectTooNew, ProjectInvalid (not a database of ours, failed quick_check), ProjectReadOnly, ProjectLocked
    /// (another program has it open), DiskFull, WriteFailed, DatabaseFailed.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, std::uint32_t applicationId,
                                                  const std::vector<Migration>& migrations);
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
