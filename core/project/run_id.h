// SPDX-License-Identifier: GPL-3.0-or-later
// The ids of runs as parts of paths. A project may come from anywhere, and so may what its database calls its runs.
#pragma once

#include "core/base/database.h"
#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace preflab {

/// True for what may name a folder or a part of a file's name: ASCII letters, digits, "-", "_" and ".", the first one a
/// letter or a digit, at most 200 in all.
bool isRunId(std::string_view id);

/// ProjectInvalid for the project `folder`, unless `id` is one.
Result<> checkRunId(std::string_view id, const std::filesystem::path& folder);

/// The same for every run in the project's database, removed ones too.
Result<> checkRunIds(Database& database, const std::filesystem::path& folder);

}  // namespace preflab
