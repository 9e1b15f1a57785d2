// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, checks and migration of a database file.
#include "core/base/database_file.h"

#include "core/base/database_check.h"

#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace preflab {
namespace {

namespace fs = std::filesystem;

void configure(Connection& connection)
{
    connection.execute("PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF;"
                       "PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
                       "PRAGMA synchronous=FULL");
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
                                     const std::vector<Migration>& migrations, Backup backup)
{
    ConnectionHandle handle = openConnection(path, FileAccess::Write);
    if (sqlite3_db_readonly(handle.get(), "main") == 1) {
        return fail(ErrorCode::ProjectReadOnly, {{"path", path.string()}});
    }
    std::error_code failure;
    limitWorkTo(handle.get(), fs::file_size(path, failure) + bytesInLog(path));
    Connection connection(handle.get());
    configure(connection);
    const FileHeader header = readHeader(connection);
    TRY_VOID(checkIsOurs(connection, header, applicationId, migrations, path));
    TRY_VOID(checkContent(connection, path));
    limitWork(handle.get());
    if (readText(connection, "PRAGMA journal_mode=WAL") != "wal") {
        // Some network file systems cannot; the rollback journal is as safe, only slower.
        connection.execute("PRAGMA journal_mode=TRUNCATE");
    }
    if (header.version < newestVersion(migrations)) {
        if (!header.isEmpty && backup == Backup::Make) backUp(connection, path, header.version);
        migrate(connection, header, applicationId, migrations);
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)");  // the file alone is a whole project from here on
    }
    return handle;
}

}  // namespace

Result<ConnectionHandle> openDatabaseFile(const fs::path& path, std::uint32_t applicationId,
                                          const std::vector<Migration>& migrations, Backup backup)
{
    TRY_VOID(checkFiles(path));
    try {
        return openChecked(path, applicationId, migrations, backup);
    } catch (const DatabaseFault& fault) {
        return tl::unexpected(errorOf(fault, path));
    }
}

}  // namespace preflab
