// SPDX-License-Identifier: GPL-3.0-or-later
// Reading in place where that needs no change, else in a copy.
#include "core/base/database_reader.h"

#include "core/base/database_check.h"
#include "core/base/database_file.h"
#include "core/base/file_error.h"

#include <system_error>
#include <utility>

namespace preflab {
namespace {

namespace fs = std::filesystem;

void configureToRead(Connection& connection)
{
    connection.execute("PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                       "PRAGMA temp_store=MEMORY; PRAGMA query_only=ON");
}

Result<> copyFile(const fs::path& from, const fs::path& to)
{
    std::error_code failure;
    fs::copy_file(from, to, failure);
    if (!failure) return {};
    return tl::unexpected(writeError(to, failure.value()));
}

tl::unexpected<Error> notFound(const fs::path& path)
{
    return fail(ErrorCode::ProjectNotFound, {{"path", path.parent_path().string()}});
}

}  // namespace

DatabaseReader::DatabaseReader(fs::path path, std::uint32_t applicationId, std::vector<Migration> migrations)
    : m_path(std::move(path)), m_applicationId(applicationId), m_migrations(std::move(migrations))
{
}

Result<DatabaseReader> DatabaseReader::open(const fs::path& path, std::uint32_t applicationId,
                                            const std::vector<Migration>& migrations, Neighbour neighbour)
{
    DatabaseReader reader(path, applicationId, migrations);
    TRY_VOID(reader.connectAgain(neighbour));
    return reader;
}

Result<> DatabaseReader::connectAgain(Neighbour neighbour)
{
    m_handle.reset();
    m_copy.reset();
    m_identity.reset();
    std::error_code failure;
    if (!fs::exists(m_path, failure)) {
        if (failure) return tl::unexpected(readError(m_path, failure.value()));
        return notFound(m_path);
    }
    TRY_VOID(checkFiles(m_path));
    try {
        if (neighbour == Neighbour::Writer) return openInPlace(FileAccess::Read);
        return bytesInLog(m_path) > 0 ? openCopy() : openInPlace(FileAccess::Frozen);
    } catch (const DatabaseFault& fault) {
        return tl::unexpected(errorOf(fault, m_path));
    }
}

Result<> DatabaseReader::openInPlace(FileAccess access)
{
    if (access == FileAccess::Frozen) m_identity = identityOfFile(m_path);
    m_handle = openConnection(m_path, access);
    Connection connection(m_handle.get());
    configureToRead(connection);
    const FileHeader header = readHeader(connection);
    if (header.isEmpty && header.version == 0) return notFound(m_path);  // is being made, or its making was interrupted
    TRY_VOID(checkIsOurs(connection, header, m_applicationId, m_migrations, m_path));
    if (header.version == newestVersion(m_migrations)) return {};
    return openCopy();
}

Result<> DatabaseReader::openCopy()
{
    m_handle.reset();
    m_identity.reset();
    TRY(m_copy, ScratchFolder::create());
    const fs::path copy = m_copy->path() / m_path.filename();
    TRY_VOID(copyFile(m_path, copy));
    if (bytesInLog(m_path) > 0) TRY_VOID(copyFile(writeAheadLogOf(m_path), writeAheadLogOf(copy)));
    auto handle = openDatabaseFile(copy, m_applicationId, m_migrations, Backup::Spare);
    if (!handle) {
        Error error = std::move(handle).error();
        // What is wrong with the copy is wrong with the file.
        if (error.arguments["path"] == copy.string()) error.arguments["path"] = m_path.string();
        return tl::unexpected(std::move(error));
    }
    m_handle = *std::move(handle);
    Connection(m_handle.get()).execute("PRAGMA query_only=ON");
    return {};
}

Result<> DatabaseReader::refresh()
{
    if (!m_identity || (identityOfFile(m_path) == m_identity && bytesInLog(m_path) == 0)) return {};
    return connectAgain(bytesInLog(m_path) > 0 ? Neighbour::Writer : Neighbour::None);
}

Result<> DatabaseReader::checkUnchanged() const
{
    if (!m_identity || identityOfFile(m_path) == m_identity) return {};
    return fail(ErrorCode::FileChanged, {{"path", m_path.string()}});
}

}  // namespace preflab
