// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a SQLite file that may be new, old, newer than us, damaged or hostile. Part of Database.
#pragma once

#include "core/base/database.h"

#include <memory>

namespace preflab {

/// Closes a connection.
struct CloseConnection {
    void operator()(sqlite3* connection) const;
};
using ConnectionHandle = std::unique_ptr<sqlite3, CloseConnection>;

/// The connection with every setting made, the file checked and migrated; errors as Database::open.
Result<ConnectionHandle> openDatabaseFile(const std::filesystem::path& path, std::uint32_t applicationId,
                                          const std::vector<Migration>& migrations);

/// What a fault means to a user.
Error errorOf(const DatabaseFault& fault, const std::filesystem::path& path);

}  // namespace preflab
