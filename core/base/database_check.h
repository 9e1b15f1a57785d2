// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a database file is ours, before anything of it is used. Part of Database.
#pragma once

#include "core/base/database.h"

namespace preflab {

/// What the file says about itself.
struct FileHeader {
    std::int64_t applicationId = 0;
    std::int64_t version = 0;
    bool isEmpty = false;  ///< no tables: just made, or its making was interrupted
};

/// The file and what SQLite keeps beside it are ordinary files, or not there: through a link in their place other files
/// would be written to. ProjectInvalid.
Result<> checkFiles(const std::filesystem::path& path);

/// Reads the header. Throws DatabaseFault.
FileHeader readHeader(Connection& connection);

/// Holds header and schema against ours: the tables, indices and nothing else that the migrations up to the file's version
/// make. A trigger, a view or a table of anybody else would run or be read with our rights. Nothing is written.
/// ProjectInvalid, ProjectTooNew; throws DatabaseFault.
Result<> checkIsOurs(Connection& connection, const FileHeader& header, std::uint32_t applicationId,
                     const std::vector<Migration>& migrations, const std::filesystem::path& path);

/// Walks through every page; ProjectInvalid when the file is damaged. Throws DatabaseFault.
Result<> checkContent(Connection& connection, const std::filesystem::path& path);

/// The newest version of the schema.
std::int64_t newestVersion(const std::vector<Migration>& migrations);

}  // namespace preflab
