// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite connections that trust nothing, and what their faults mean. Part of Database.
#pragma once

#include "core/base/error.h"
#include "core/base/statement.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace preflab {

/// Closes a connection.
struct CloseConnection {
    void operator()(sqlite3* connection) const;
};
using ConnectionHandle = std::unique_ptr<sqlite3, CloseConnection>;

/// How a file is opened.
enum class FileAccess {
    Write,   ///< made if it is not there
    Read,    ///< beside a process that writes
    Frozen,  ///< nobody writes: no locks, no side files, so that read-only media will do
};

/// A connection that the file cannot reach out of, with limits on memory and work. Throws DatabaseFault.
ConnectionHandle openConnection(const std::filesystem::path& path, FileAccess access);

/// Lets one statement take no more steps of SQLite's machine than a file of `bytes` explains.
void limitWorkTo(sqlite3* connection, std::uint64_t bytes);

/// Ends the limit that `limitWorkTo` set; a general one stays.
void limitWork(sqlite3* connection);

/// The first column of the first row; 0 or empty if there is none. Throws DatabaseFault.
std::int64_t readNumber(Connection& connection, const std::string& sql);
std::string readText(Connection& connection, const std::string& sql);

/// How many bytes the path of a database may have at most, so that there is room for what SQLite puts behind it.
std::size_t longestDatabasePath();

/// What a fault means to a user.
Error errorOf(const DatabaseFault& fault, const std::filesystem::path& path);

/// The write-ahead log beside a database file.
std::filesystem::path writeAheadLogOf(const std::filesystem::path& database);

/// Its size in bytes; 0 if there is none.
std::uint64_t bytesInLog(const std::filesystem::path& database);

}  // namespace preflab
