// SPDX-License-Identifier: GPL-3.0-or-later
// The storage thread: the only SQLite connection to a database. Callers post commands and may await them.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace preflab {

/// One prepared statement, used on the storage thread only.
class Statement {
public:
    Statement(sqlite3* connection, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    /// Parameters from 1, in order.
    Statement& bind(std::int64_t value);
    Statement& bind(double value);
    Statement& bind(std::string_view text);
    Statement& bindBlob(std::span<const std::byte> bytes);
    Statement& bindNull();
    /// True while there is a row; throws DatabaseFault (caught by Database) on an error.
    bool step();
    void reset();
    std::int64_t integer(int column) const;
    double number(int column) const;
    std::string text(int column) const;
    std::vector<std::byte> blob(int column) const;
    bool isNull(int column) const;

private:
    sqlite3_stmt* m_statement = nullptr;
    int m_next = 1;
};

/// The connection as commands see it.
class Connection {
public:
    explicit Connection(sqlite3* handle) : m_handle(handle) {}
    Statement prepare(std::string_view sql) { return Statement(m_handle, sql); }
    void execute(const std::string& sql);
    std::int64_t lastInsertId() const;

private:
    sqlite3* m_handle;
};

/// How durable a command's transaction is.
enum class Durability {
    Full,    ///< edits, labels, outcomes: survives power loss (synchronous=FULL)
    Normal,  ///< per-step metrics: survives kill -9; a power cut may cost the last steps
};

/// One step of the schema; `version` counts from 1.
struct Migration {
    std::int64_t version = 0;
    std::string sql;
};

/// A database with its storage thread (WAL, one connection). Destruction finishes posted commands.
class Database {
public:
    /// Opens or makes the file, backs it up beside itself before a migration, migrates.
    /// ProjectTooNew, ProjectInvalid (not a database, failed quick_check), ProjectReadOnly, DatabaseFailed.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, std::uint32_t applicationId,
                                                  std::vector<Migration> migrations);
    ~Database();

    using Command = std::function<Result<>(Connection&)>;
    /// Queues a command; each runs in one transaction. `onDone` is called on the storage thread after the commit.
    void post(Durability durability, Command command, std::function<void(Result<>)> onDone = {});
    /// As `post`, and waits for the acknowledgement.
    Result<> call(Durability durability, Command command);

private:
    struct State;
    explicit Database(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace preflab
