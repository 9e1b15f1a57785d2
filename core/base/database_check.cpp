// SPDX-License-Identifier: GPL-3.0-or-later
// Header, schema and content of a database file.
#include "core/base/database_check.h"

#include "core/base/database_connection.h"
#include "core/base/excerpt.h"
#include "core/base/file_error.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <system_error>
#include <unistd.h>

namespace preflab {
namespace {

/// Type and name of a part of the schema, with how it is made.
using Schema = std::map<std::string, std::string>;

/// Versions of SQLite differ in quotes and spaces of what ALTER TABLE writes.
std::string withoutLayout(std::string sql)
{
    const auto isLayout = [](unsigned char c) { return std::isspace(c) != 0 || c == '"' || c == '`'; };
    std::erase_if(sql, isLayout);
    return sql;
}

Schema readSchema(Connection& connection)
{
    Schema schema;
    Statement rows = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema");
    while (rows.step()) schema[rows.text(0) + " " + rows.text(1)] = rows.text(2) + ": " + withoutLayout(rows.text(3));
    return schema;
}

Schema ourSchema(std::int64_t version, const std::vector<Migration>& migrations)
{
    const ConnectionHandle handle = openConnection(":memory:", FileAccess::Write);
    Connection connection(handle.get());
    for (const Migration& migration : migrations)
        if (migration.version <= version) connection.execute(migration.sql);
    return readSchema(connection);
}

tl::unexpected<Error> invalid(const std::filesystem::path& path, const std::string& reason)
{
    return fail(ErrorCode::ProjectInvalid, {{"path", path.string()}, {"reason", reason}});
}

Result<> checkSchema(Connection& connection, std::int64_t version, const std::vector<Migration>& migrations,
                     const std::filesystem::path& path)
{
    const Schema found = readSchema(connection);
    const Schema expected = ourSchema(version, migrations);
    for (const auto& [name, sql] : found) {
        const auto ours = expected.find(name);
        if (ours == expected.end())
            return invalid(path, "its database has the " + excerptOf(name) + ", which is not PrefLab's");
        if (ours->second != sql)
            return invalid(path, "the " + excerptOf(name) + " of its database is not as PrefLab makes it");
    }
    const auto lacks = [&](bool isTable) -> Result<> {
        for (const auto& [name, sql] : expected)
            if (!found.contains(name) && name.starts_with("table ") == isTable)
                return invalid(path, "its database lacks the " + name);
        return {};
    };
    // With a table its indices are gone, whose names say nothing to anybody.
    TRY_VOID(lacks(true));
    return lacks(false);
}

}  // namespace

Result<> checkFiles(const std::filesystem::path& path)
{
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        const std::filesystem::path file = path.string() + suffix;
        std::error_code failure;
        const auto type = std::filesystem::symlink_status(file, failure).type();
        if (type == std::filesystem::file_type::not_found) continue;
        if (type == std::filesystem::file_type::none) return tl::unexpected(readError(file, failure.value()));
        if (type != std::filesystem::file_type::regular)
            return invalid(path, file.filename().string() + " is not an ordinary file");
        // SQLite does not tell whether it may not read or not write.
        if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0) return tl::unexpected(readError(file, errno));
    }
    return {};
}

FileHeader readHeader(Connection& connection)
{
    FileHeader header;
    header.applicationId = readNumber(connection, "PRAGMA application_id");
    header.version = readNumber(connection, "PRAGMA user_version");
    header.isEmpty = readNumber(connection, "SELECT count(*) FROM sqlite_schema") == 0;
    return header;
}

std::int64_t newestVersion(const std::vector<Migration>& migrations)
{
    return migrations.empty() ? 0 : migrations.back().version;
}

Result<> checkIsOurs(Connection& connection, const FileHeader& header, std::uint32_t applicationId,
                     const std::vector<Migration>& migrations, const std::filesystem::path& path)
{
    const bool isNew = header.isEmpty && header.version == 0 && header.applicationId == 0;
    if (isNew) return {};
    if (header.applicationId != static_cast<std::int64_t>(applicationId))
        return invalid(path, "it is a database of another program");
    const std::int64_t supported = newestVersion(migrations);
    if (header.version > supported) {
        return fail(ErrorCode::ProjectTooNew, {{"path", path.string()},
                                               {"found", std::to_string(header.version)},
                                               {"supported", std::to_string(supported)}});
    }
    return checkSchema(connection, header.version, migrations, path);
}

Result<> checkContent(Connection& connection, const std::filesystem::path& path)
{
    const std::string verdict = readText(connection, "PRAGMA quick_check(1)");
    if (verdict == "ok") return {};
    return invalid(path, "it is damaged (" + excerptOf(verdict) + ")");
}

}  // namespace preflab
