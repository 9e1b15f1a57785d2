// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a SQLite file to write that may be new, old, newer than us, damaged or hostile. Part of Database.
#pragma once

#include "core/base/database.h"
#include "core/base/database_connection.h"

namespace preflab {

/// Whether a file of an older schema is copied before it is changed.
enum class Backup {
    Make,
    Spare,  ///< the file is a copy already
};

/// The connection with every setting made, the file checked and migrated; errors as Database::open.
Result<ConnectionHandle> openDatabaseFile(const std::filesystem::path& path, std::uint32_t applicationId,
                                          const std::vector<Migration>& migrations, Backup backup);

}  // namespace preflab
