// SPDX-License-Identifier: GPL-3.0-or-later
// What was done to rows, as a value that many threads can hold while the next change is made.
#pragma once

#include "core/data/row_columns.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace preflab {

/// What views need of a row that was changed or labelled.
struct TouchedRow {
    bool isExcluded = false;
    bool isEdited = false;                ///< its texts are not the source's
    std::optional<std::uint8_t> vote;     ///< the number of its Vote
    std::vector<std::string> tags;
    RowFigures figures;                   ///< of the edited texts; only if `isEdited`
    TokenLengths tokens;                  ///< likewise
};

/// Touched rows by number. Copies share what they have in common: a change costs some microseconds, however many rows
/// were touched before.
class TouchedRows {
public:
    /// The row, or nullptr if it is as the source says.
    const TouchedRow* find(std::uint32_t row) const;
    /// Sets a row; nothing forgets it.
    void set(std::uint32_t row, std::optional<TouchedRow> value);
    /// All of them, ascending.
    std::vector<std::uint32_t> rows() const;
    std::size_t size() const { return m_size; }

private:
    using Shard = std::unordered_map<std::uint32_t, TouchedRow>;
    std::array<std::shared_ptr<const Shard>, 256> m_shards;  ///< by the row's lowest bits; null: empty
    std::size_t m_size = 0;
};

}  // namespace preflab
