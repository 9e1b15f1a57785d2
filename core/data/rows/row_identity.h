// SPDX-License-Identifier: GPL-3.0-or-later
// What a row is, wherever it stands: the hash of its source record, counted among equal records, and its part of it.
#pragma once

#include "core/base/hash.h"
#include "core/data/rows/record.h"
#include "core/data/rows/row.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace preflab {

/// The hash of a record as it came from the source. Keys are sorted, numbers have one spelling, and what CSV cannot
/// tell apart is the same: a number and its text, an absent column, a null and an empty text. So the same data as
/// JSONL, Parquet or CSV are the same records. A change of these rules would orphan every edit: it needs a new version
/// beside the old one.
Hash128 recordHash(const RecordValue& record);

/// The hash of a row's kind, prompt, chosen and rejected: the second key, which survives a new column.
std::uint64_t textsHash(const Row& row);

/// Names one row of a dataset for good.
struct RowKey {
    Hash128 record;                ///< recordHash of its source
    std::uint32_t occurrence = 0;  ///< among the equal records of the file, in file order
    std::uint64_t texts = 0;       ///< textsHash of the source row; 0: not known
    std::uint32_t part = 0;        ///< which of the rows that its record gives; 0 where it gives one
    /// Another record of the file had these texts, too, when the key was made: by its texts alone it is not found.
    bool areTextsShared = false;
};

/// True if both name the same row.
inline bool operator==(const RowKey& a, const RowKey& b)
{
    return a.record == b.record && a.occurrence == b.occurrence && a.texts == b.texts && a.part == b.part;
}

/// Rows of equal records and of the same part are told apart by their occurrence only.
struct RecordPart {
    Hash128 record;
    std::uint32_t part = 0;
    bool operator==(const RecordPart&) const = default;
};

/// Of keys of hash tables.
struct RecordPartHasher {
    std::size_t operator()(const RecordPart& of) const { return Hash128Hasher()(of.record) + of.part; }
};

/// The identities of all rows of a file, in file order; 24 bytes a row, and 8 for each whose part is not 0. Occurrences
/// are counted when they are asked for.
class RowIdentities {
public:
    void add(const Hash128& record, std::uint64_t texts, std::uint32_t part = 0);
    void append(const RowIdentities& later);

    std::uint32_t size() const { return static_cast<std::uint32_t>(m_rows.size()); }
    const Hash128& record(std::uint32_t row) const { return m_rows[row].record; }
    std::uint64_t texts(std::uint32_t row) const { return m_rows[row].texts; }
    std::uint32_t part(std::uint32_t row) const;
    /// The keys of some rows; two passes over all.
    std::vector<RowKey> keysOf(std::span<const std::uint32_t> rows) const;

private:
    void markShared(std::span<RowKey> keys) const;

    struct Identity {
        Hash128 record;
        std::uint64_t texts = 0;
    };
    std::deque<Identity> m_rows;  ///< a vector of millions would be copied whole to grow

    /// A row whose part is not 0.
    struct RowPart {
        std::uint32_t row = 0;
        std::uint32_t part = 0;
    };
    std::vector<RowPart> m_parts;  ///< by row, ascending
};

}  // namespace preflab
