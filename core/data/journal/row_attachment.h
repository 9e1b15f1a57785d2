// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of a file the journal's keys are now.
#pragma once

#include "core/data/rows/row_identity.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace preflab {

/// Where keys and a file meet.
struct AttachedKeys {
    std::vector<std::optional<std::uint32_t>> rows;  ///< in the keys' order; none: the key has no row in the file
    /// True for keys whose record is in the file, but read by other columns: what was said of its texts then is not said
    /// of the texts that it has now.
    std::vector<bool> areOfOtherColumns;
};

/// The row of each key. No row stands for two keys. A key is found by its record, its occurrence among equal ones and its
/// part of it, if that has the texts that the key knows: where one of equal records went, nobody can tell which, and the
/// last occurrence is gone. What is not found so is sought by its texts, which a new column leaves as they are, if nothing
/// else has them or had them.
AttachedKeys attachKeys(std::span<const RowKey> keys, const RowIdentities& rows);

}  // namespace preflab
