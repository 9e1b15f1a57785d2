// SPDX-License-Identifier: GPL-3.0-or-later
// The one file that rows are read from: newline-delimited JSON, addressed by byte offsets, parsed per row.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/ingest/dataset.h"
#include "core/data/ingest/format.h"
#include "core/data/rows/row_identity.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// What the numbers of rows count, everywhere and for ever in a file.
enum class RowNaming {
    Line,    ///< lines of the user's own file, in which the row begins: "line 17, column 3: ..."
    Record,  ///< rows of a file that has no lines: "record 17: ..."
};

/// Where the rows of a row file are. 8 bytes a row, and 24 for each place where lines between rows are passed over,
/// however many: blank and bad lines cost no memory of their own.
class RowIndex {
public:
    /// Appends a row: its bytes [start, end) with the line's end, and its 0-based line. Rows come in their order.
    void add(std::uint64_t start, std::uint64_t end, std::uint64_t line);
    std::uint32_t size() const { return static_cast<std::uint32_t>(m_starts.size()); }
    /// The row's first byte.
    std::uint64_t start(std::uint32_t row) const { return m_starts[row]; }
    /// One behind the last byte of the row's line.
    std::uint64_t end(std::uint32_t row) const;
    /// The 0-based line of a row.
    std::uint64_t line(std::uint32_t row) const;

private:
    /// Passed-over lines before a row.
    struct Gap {
        std::uint32_t row = 0;
        std::uint64_t line = 0;       ///< of the row
        std::uint64_t endBefore = 0;  ///< where the row before it ends
    };
    std::size_t gapsUpTo(std::uint32_t row) const;

    std::vector<std::uint64_t> m_starts;
    std::vector<Gap> m_gaps;       ///< ascending
    std::uint64_t m_end = 0;       ///< of the last row
    std::uint64_t m_nextLine = 0;  ///< of a row right behind the last one
};

/// What is wrong with a line, before its number is known.
struct RowFault {
    std::uint64_t column = 0;  ///< 1-based, in characters; 0: the row as a whole
    std::string reason;
};

/// A line read by a format, or why it is not a row. `text` is without line end and byte order mark. `hash` gets that
/// of its record.
tl::expected<Row, RowFault> readRow(std::string_view text, const FormatInfo& format, Hash128* hash = nullptr);

/// Random access to the rows of a scanned file.
std::shared_ptr<const RowSource> makeRowSource(FileReader file, RowIndex index, const FormatInfo& format);

}  // namespace preflab
