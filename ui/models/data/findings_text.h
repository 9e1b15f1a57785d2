// SPDX-License-Identifier: GPL-3.0-or-later
// What the table's head says of rows that are hardly meant so.
#pragma once

#include <QString>

namespace preflab {

class DatasetSession;

/// "3 rows could not be read and are left out, and 1 pair has an empty side. First: line 7: ...": what was found in the file
/// of a session that is open, and which changes have no row in it; empty: nothing.
QString findingsText(const DatasetSession& session);

}  // namespace preflab
