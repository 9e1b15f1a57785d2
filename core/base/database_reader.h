// SPDX-License-Identifier: GPL-3.0-or-later
// A database that is only read: beside a process that writes it, at rest, or on read-only media. Part of Database.
#pragma once

#include "core/base/database.h"
#include "core/base/database_connection.h"
#include "core/base/file_reader.h"
#include "core/base/scratch_folder.h"

#include <optional>

namespace preflab {

/// The connection of a reader. Beside a writer it reads through the write-ahead log. At rest it takes no lock and makes no
/// file: the file is read as it is. What would have to be changed before it can be read, an older schema or a log that a
/// killed program left, is changed in a copy for temporary files.
class DatabaseReader {
public:
    /// As Database::openToRead.
    static Result<DatabaseReader> open(const std::filesystem::path& path, std::uint32_t applicationId,
                                       const std::vector<Migration>& migrations, Neighbour neighbour);

    sqlite3* handle() const { return m_handle.get(); }
    /// Before a command: opens again when the file at rest was written to.
    Result<> refresh();
    /// After a command: FileChanged when the file at rest was written to meanwhile, so that what was read may be torn.
    Result<> checkUnchanged() const;

private:
    DatabaseReader(std::filesystem::path path, std::uint32_t applicationId, std::vector<Migration> migrations);
    Result<> connectAgain(Neighbour neighbour);
    Result<> openInPlace(FileAccess access);
    Result<> openCopy();

    std::filesystem::path m_path;
    std::uint32_t m_applicationId;
    std::vector<Migration> m_migrations;
    std::optional<ScratchFolder> m_copy;     ///< removed after the connection is closed
    std::optional<FileIdentity> m_identity;  ///< of a file at rest
    ConnectionHandle m_handle;
};

}  // namespace preflab
