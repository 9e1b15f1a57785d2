// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a file the journal's keys are now.
#pragma once

#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace preflab {

/// The row of each key, in the keys' order; nothing for a key whose row is not in the file. No row stands for two keys.
/// A key is found by its record and its part of it. Equal records are interchangeable: where one of them went, the keys of
/// the others move up. What is not found so is sought by its texts, which a new column leaves as they are, if nothing else has them.
std::vector<std::optional<std::uint32_t>> attachKeys(std::span<const RowKey> keys, const RowIdentities& rows);

}  // namespace preflab
