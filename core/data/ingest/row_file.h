// SPDX-License-Identifier: GPL-3.0-or-later
// The one file that rows are read from: newline-delimited JSON, addressed by byte offsets, parsed per row.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/ingest/layout.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Where the rows of a row file are. 8 bytes a row, and 24 for each row that is not the first of the very next line: for
/// each place where lines are passed over, however many, and for further rows of a line. So blank and bad lines cost no
/// memory of their own.
class RowIndex {
public:
    /// Appends a row: the bytes [start, end) of its line with the line's end, its 0-based line, and which of the line's
    /// rows it is (RecordRow). Rows come in the order of their lines.
    void add(std::uint64_t start, std::uint64_t end, std::uint64_t line, std::uint32_t part = 0);
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_starts.size()); }
    /// The first byte of the row's line.
    std::uint64_t start(std::uint32_t row) const { return m_starts[row]; }
    /// One behind the last byte of the row's line.
    std::uint64_t end(std::uint32_t row) const;
    /// The 0-based line of a row.
    std::uint64_t line(std::uint32_t row) const;
    std::uint32_t part(std::uint32_t row) const;

private:
    /// A row that is not the first of the line behind the row before it.
    struct Jump {
        std::uint32_t row = 0;
        std::uint32_t part = 0;       ///< of the row
        std::uint64_t line = 0;       ///< of the row
        std::uint64_t endBefore = 0;  ///< where the line of the row before it ends
    };
    std::size_t jumpsUpTo(std::uint32_t row) const;

    std::deque<std::uint64_t> m_starts;  ///< a vector of millions would be copied whole to grow
    std::vector<Jump> m_jumps;           ///< ascending
    std::uint64_t m_end = 0;             ///< of the last row
    std::uint64_t m_nextLine = 0;        ///< behind that of the last row
};

/// What is wrong with a line, before its number is known.
struct RowFault {
    std::uint64_t column = 0;  ///< 1-based, in characters; 0: the row as a whole
    std::string reason;
};

/// Reads a line by a layout into `rows`, of which there is at least one then; or says why it holds none. `text` is
/// without line end and byte order mark. `hash` gets that of its record.
tl::expected<void, RowFault> readRows(std::string_view text, const MappedLayout& layout, RecordRows& rows,
                                      Hash128* hash = nullptr);

/// Random access to the rows of a scanned file.
std::shared_ptr<const RowSource> makeRowSource(FileReader file, RowIndex index, MappedLayout layout);

}  // namespace preflab
