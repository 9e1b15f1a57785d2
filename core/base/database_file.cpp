// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, checks and migration of a database file.
#include "core/base/database_file.h"

#include "core/base/system.h"

#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace preflab {
namespace {

namespace fs = std::filesystem;

/// What the file says about itself.
struct FileHeader {
    std::int64_t applicationId = 0;
    std::int64_t version = 0;
    bool isEmpty = false;  ///< no tables: just made, or its making was interrupted
};

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

ConnectionHandle connect(const fs::path& path)
{
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    ConnectionHandle handle(raw);
    if (raw == nullptr) throw DatabaseFault(SQLITE_NOMEM, 0, "out of memory");
    if (code != SQLITE_OK) throw DatabaseFault::of(raw);
    return handle;
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
}

void configure(Connection& connection)
{
    // Exclusive locking keeps every second connection out, which the WAL-reset bug of SQLite before 3.51.3 would
    // need, and keeps the WAL index in memory instead of a mapped file.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;"
                       "PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
                       "PRAGMA synchronous=FULL");
}

FileHeader readHeader(Connection& connection)
{
    FileHeader header;
    header.applicationId = readNumber(connection, "PRAGMA application_id");
    header.version = readNumber(connection, "PRAGMA user_version");
    header.isEmpty = readNumber(connection, "SELECT count(*) FROM sqlite_schema") == 0;
    return header;
}

Result<> checkHeader(const FileHeader& header, std::uint32_t applicationId, std::int64_t supported,
                     const fs::path& path)
{
    const bool isNew = header.isEmpty && header.version == 0 && header.applicationId == 0;
    if (!isNew && header.applicationId != static_cast<std::int64_t>(applicationId)) {
        return fail(ErrorCode::ProjectInvalid,
                    {{"path", path.string()}, {"reason", "it is a database of another program"}});
    }
    if (header.version > supported) {
        return fail(ErrorCode::ProjectTooNew, {{"path", path.string()},
                                               {"found", std::to_string(header.version)},
                                               {"supported", std::to_string(supported)}});
    }
    return {};
}

Result<> checkContent(Connection& connection, const fs::path& path)
{
    const std::string verdict = readText(connection, "PRAGMA quick_check(1)");
    if (verdict == "ok") return {};
    return fail(ErrorCode::ProjectInvalid, {{"path", path.string()}, {"reason", "it is damaged (" + verdict + ")"}});
}

void syncToDisk(const fs::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw DatabaseFault(SQLITE_IOERR_FSYNC, errno, "cannot sync " + path.string());
    const int result = ::fsync(descriptor);
    const int number = errno;
    ::close(descriptor);
    if (result != 0) throw DatabaseFault(SQLITE_IOERR_FSYNC, number, "cannot sync " + path.string());
}

/// A whole copy under a temporary name, then renamed: a backup is complete or not there.
void backUp(Connection& connection, const fs::path& path, std::int64_t version)
{
    const fs::path target = path.string() + ".backup-v" + std::to_string(version);
    const fs::path temporary = target.string() + ".tmp";
    std::error_code ignored;
    fs::remove(temporary, ignored);  // left by a kill; VACUUM INTO wants a new file
    try {
        Statement copy = connection.prepare("VACUUM INTO ?1");
        copy.bind(temporary.string()).step();
        syncToDisk(temporary, 0);
        std::error_code failure;
        fs::rename(temporary, target, failure);
        if (failure) throw DatabaseFault(SQLITE_IOERR_WRITE, failure.value(), "cannot rename the backup");
        syncToDisk(path.parent_path(), O_DIRECTORY);
    } catch (const DatabaseFault&) {
        fs::remove(temporary, ignored);
        throw;
    }
}

/// All steps in one transaction, so that a kill leaves the old schema or the new one.
void migrate(Connection& connection, const FileHeader& header, std::uint32_t applicationId,
             const std::vector<Migration>& migrations)
{
    connection.execute("BEGIN IMMEDIATE");
    try {
        for (const Migration& migration : migrations) {
            if (migration.version <= header.version) continue;
            connection.execute(migration.sql);
            connection.execute("PRAGMA user_version=" + std::to_string(migration.version));
        }
        connection.execute("PRAGMA application_id=" + std::to_string(applicationId));
        connection.execute("COMMIT");
    } catch (const DatabaseFault&) {
        // A full disk has rolled back already; the first fault is the one to report.
        try {
            connection.execute("ROLLBACK");
        } catch (const DatabaseFault&) {
        }
        throw;
    }
}

Result<ConnectionHandle> openChecked(const fs::path& path, std::uint32_t applicationId,
                                     const std::vector<Migration>& migrations)
{
    ConnectionHandle handle = connect(path);
    distrust(handle.get());
    if (sqlite3_db_readonly(handle.get(), "main") == 1) {
        return fail(ErrorCode::ProjectReadOnly, {{"path", path.string()}});
    }
    Connection connection(handle.get());
    configure(connection);
    const std::int64_t supported = migrations.empty() ? 0 : migrations.back().version;
    const FileHeader header = readHeader(connection);
    TRY_VOID(checkHeader(header, applicationId, supported, path));
    TRY_VOID(checkContent(connection, path));
    if (readText(connection, "PRAGMA journal_mode=WAL") != "wal") {
        // Some network file systems cannot; the rollback journal is as safe, only slower.
        connection.execute("PRAGMA journal_mode=TRUNCATE");
    }
    if (header.version < supported) {
        if (!header.isEmpty) backUp(connection, path, header.version);
        migrate(connection, header, applicationId, migrations);
    }
    return handle;
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

}  // namespace

void CloseConnection::operator()(sqlite3* connection) const
{
    sqlite3_close_v2(connection);
}

Error errorOf(const DatabaseFault& fault, const fs::path& path)
{
    const int primary = fault.code() & 0xff;
    const std::string where = path.string();
    std::string reason = fault.what();
    if (fault.systemError() != 0) reason += " (" + std::generic_category().message(fault.systemError()) + ")";
    if (isNoSpace(fault)) return diskFull(path);
    if (isForbidden(fault)) return {ErrorCode::ProjectReadOnly, {{"path", where}}, reason};
    if (primary == SQLITE_NOTADB) {
        return {ErrorCode::ProjectInvalid, {{"path", where}, {"reason", "it is not a database"}}, reason};
    }
    if (primary == SQLITE_CORRUPT) {
        return {ErrorCode::ProjectInvalid, {{"path", where}, {"reason", "it is damaged (" + reason + ")"}}, reason};
    }
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
        return {ErrorCode::ProjectLocked, {{"path", where}, {"owner", "another program"}}, reason};
    }
    if (isWriteFault(fault.code())) return {ErrorCode::WriteFailed, {{"path", where}, {"reason", reason}}, reason};
    return {ErrorCode::DatabaseFailed, {{"path", where}, {"reason", reason}}, reason};
}

Result<ConnectionHandle> openDatabaseFile(const fs::path& path, std::uint32_t applicationId,
                                          const std::vector<Migration>& migrations)
{
    std::error_code failure;
    if (fs::exists(path, failure) && !fs::is_regular_file(path, failure)) {
        return fail(ErrorCode::ProjectInvalid, {{"path", path.string()}, {"reason", "it is not an ordinary file"}});
    }
    try {
        return openChecked(path, applicationId, migrations);
    } catch (const DatabaseFault& fault) {
        return tl::unexpected(errorOf(fault, path));
    }
}

}  // namespace preflab
