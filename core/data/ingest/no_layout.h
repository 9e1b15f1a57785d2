// SPDX-License-Identifier: GPL-3.0-or-later
// Files of objects that no layout reads: what they are instead, where that can be told.
#pragma once

#include "core/base/error.h"
#include "core/data/ingest/row_profile.h"

#include <filesystem>

namespace preflab {

/// Why the rows of `profile`, which no layout fits, cannot be read: DataInvalid for rows that are wrapped in a list under a
/// key; WrongColumns otherwise, which tells unpaired rows (KTO) from columns of other names.
Error noLayout(const std::filesystem::path& path, const RowProfile& profile);

}  // namespace preflab
