// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of project.db, version by version. A released version never changes: append.
#pragma once

#include "core/base/database.h"

#include <cstdint>
#include <vector>

namespace preflab {

/// Marks a SQLite file as a PrefLab project ("PfLb").
constexpr std::uint32_t kProjectApplicationId = 0x50664C62;

/// Every step from an empty file to the schema this program works with.
const std::vector<Migration>& projectMigrations();

}  // namespace preflab
