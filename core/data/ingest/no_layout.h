// SPDX-License-Identifier: GPL-3.0-or-later
// Files of objects that no layout reads: what they are instead, where that can be told.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/row_profile.h"

namespace preflab {

/// Why a file with objects cannot be read as `request` says: DataInvalid for rows that are wrapped in a list under a key;
/// ColumnMissing for a column that the user named and that is not there; WrongColumns otherwise, which tells unpaired rows
/// (KTO) from columns of other names, and from one column that is named as two.
Result<> checkLayout(const RowProfile& profile, const ProfileRequest& request);

}  // namespace preflab
