// SPDX-License-Identifier: GPL-3.0-or-later
// Opening with every guard on, and SQLite's codes as errors.
#include "core/base/database_connection.h"

#include "core/base/file_error.h"
#include "core/base/plain_name.h"
#include "core/base/system.h"
#include "core/base/system_limits.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace preflab {
namespace {

namespace fs = std::filesystem;

constexpr int kMostSteps = 2'000'000'000;  ///< of one statement: about half a minute
constexpr std::uint64_t kStepsToStart = 20'000'000;
constexpr std::uint64_t kStepsPerByte = 64;  ///< a check of the whole file takes less than one
constexpr int kWaitMilliseconds = 5000;      ///< for a neighbour's short locks

int refuseMoreWork(void*)
{
    return 1;
}

void setStepLimit(sqlite3* connection, int steps)
{
    // SQLite calls back whenever a statement's steps pass a multiple of the number.
    sqlite3_progress_handler(connection, steps, &refuseMoreWork, nullptr);
}

/// A path as a URI: whatever has a meaning there is escaped.
std::string uriOf(const fs::path& path, const char* query)
{
    std::string uri = "file:";
    for (const char c : path.string()) {
        if (isAsciiAlphanumeric(c) || c == '/' || c == '.' || c == '-' || c == '_') {
            uri += c;
            continue;
        }
        std::array<char, 4> escape{};
        std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        uri += escape.data();
    }
    return uri + query;
}

/// The file may come from anywhere: it must not reach outside itself or make us allocate without bound.
void distrust(sqlite3* handle)
{
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 256 << 20);
    sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, 256);
    sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, 32);
    sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 100'000);
    sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 8);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1);  // VACUUM INTO attaches its target
    sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_busy_timeout(handle, kWaitMilliseconds);
    setStepLimit(handle, kMostSteps);
}

bool isNoSpace(const DatabaseFault& fault)
{
    return (fault.code() & 0xff) == SQLITE_FULL || fault.systemError() == ENOSPC || fault.systemError() == EDQUOT;
}

bool isForbidden(const DatabaseFault& fault)
{
    const int primary = fault.code() & 0xff;
    const int number = fault.systemError();
    if (primary == SQLITE_CANTOPEN) return number == EROFS || number == EACCES || number == EPERM;
    return (primary == SQLITE_READONLY && fault.code() != SQLITE_READONLY_DBMOVED) || primary == SQLITE_PERM;
}

bool isWriteFault(int code)
{
    return code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
           code == SQLITE_IOERR_TRUNCATE;
}

Error diskFull(const fs::path& path)
{
    std::error_code failure;
    const auto space = fs::space(path.parent_path(), failure);
    const std::string free = failure ? std::string("no room") : byteText(space.available);
    return {ErrorCode::DiskFull, {{"path", path.string()}, {"free", free}, {"needed", "a few megabytes more"}}, {}};
}

Error invalid(const fs::path& path, const std::string& reason, const std::string& detail)
{
    return {ErrorCode::ProjectInvalid, {{"path", path.string()}, {"reason", reason}}, detail};
}

}  // namespace

void CloseConnection::operator()(sqlite3* connection) const
{
    sqlite3_close_v2(connection);
}

ConnectionHandle openConnection(const fs::path& path, FileAccess access)
{
    sqlite3* raw = nullptr;
    const int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = SQLITE_OK;
    if (access == FileAccess::Write) {
        code = sqlite3_open_v2(path.c_str(), &raw, common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    } else {
        const std::string uri = uriOf(path, access == FileAccess::Frozen ? "?mode=ro&immutable=1" : "?mode=ro");
        code = sqlite3_open_v2(uri.c_str(), &raw, common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
    }
    ConnectionHandle handle(raw);
    if (raw == nullptr) throw DatabaseFault(SQLITE_NOMEM, 0, "out of memory");
    if (code != SQLITE_OK) throw DatabaseFault::of(raw);
    distrust(raw);
    // Who only reads leaves the log as it is. SQLite before 3.51.3 may damage it when two connections write.
    if (access != FileAccess::Write) sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return handle;
}

void limitWorkTo(sqlite3* connection, std::uint64_t bytes)
{
    const std::uint64_t most = static_cast<std::uint64_t>(kMostSteps);
    const std::uint64_t steps = bytes > most / kStepsPerByte ? most : kStepsToStart + bytes * kStepsPerByte;
    setStepLimit(connection, static_cast<int>(std::min(steps, most)));
}

void limitWork(sqlite3* connection)
{
    setStepLimit(connection, kMostSteps);
}

std::int64_t readNumber(Connection& connection, const std::string& sql)
{
    Statement statement = connection.prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::string readText(Connection& connection, const std::string& sql)
{
    Statement statement = connection.prepare(sql);
    return statement.step() ? statement.text(0) : std::string();
}

std::size_t longestDatabasePath()
{
    constexpr std::size_t kJournalName = 8;  // "-journal"
    const sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
    return static_cast<std::size_t>(system->mxPathname) - kJournalName;
}

Error errorOf(const DatabaseFault& fault, const fs::path& path)
{
    const int primary = fault.code() & 0xff;
    const std::string where = path.string();
    std::string reason = fault.what();
    if (fault.systemError() != 0) reason += " (" + std::generic_category().message(fault.systemError()) + ")";
    if (isNoSpace(fault)) return diskFull(path);
    if (auto limit = openFilesLimit(fault.systemError())) return *std::move(limit);
    if (isForbidden(fault)) return {ErrorCode::ProjectReadOnly, {{"path", where}}, reason};
    if (primary == SQLITE_NOMEM) return {ErrorCode::OutOfMemory, {{"what", "the database " + where}}, reason};
    if (primary == SQLITE_NOTADB) return invalid(path, "it is not a database", reason);
    if (primary == SQLITE_CORRUPT) return invalid(path, "it is damaged (" + reason + ")", reason);
    if (primary == SQLITE_INTERRUPT) return invalid(path, "reading it takes more work than its size explains", reason);
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
        return {ErrorCode::ProjectLocked, {{"path", where}, {"owner", "another program"}}, reason};
    }
    if (isWriteFault(fault.code())) {
        Error failed = writeError(path, reason, "check its disk and try again");
        failed.detail = reason;
        return failed;
    }
    return {ErrorCode::DatabaseFailed, {{"path", where}, {"reason", reason}}, reason};
}

fs::path writeAheadLogOf(const fs::path& database)
{
    fs::path log = database;
    log += "-wal";
    return log;
}

std::uint64_t bytesInLog(const fs::path& database)
{
    std::error_code failure;
    const std::uintmax_t bytes = fs::file_size(writeAheadLogOf(database), failure);
    return failure ? 0 : bytes;
}

}  // namespace preflab
