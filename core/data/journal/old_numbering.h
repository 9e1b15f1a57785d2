// SPDX-License-Identifier: GPL-3.0-or-later
// How rows were numbered by the readers of projects up to version 4. Frozen: old records mean these numbers, whatever
// today's readers accept.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/record.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace preflab {

/// Calls `visit` with each row of a row file (newline-delimited JSON) and the number that it had, from 0.
Result<> visitOldRows(const std::filesystem::path& rowFile,
                      const std::function<void(std::uint32_t row, const RecordValue& record)>& visit);

}  // namespace preflab
