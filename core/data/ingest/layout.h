// SPDX-License-Identifier: GPL-3.0-or-later
// Dataset layouts. Adding one is one file in core/data/ingest/layouts that defines `layout_<stem>`.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/column_mapping.h"
#include "core/data/rows/record.h"
#include "core/data/rows/row.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// How well a layout fits the first records of a file.
struct Recognition {
    int confidence = 0;     ///< 0: not at all; the highest of all layouts wins, of equals the first
    ColumnMapping mapping;  ///< by which it reads the file
    std::string reason;     ///< "prompt, chosen and rejected hold texts in all of the first 100 records"
};

/// One row of a record.
struct RecordRow {
    Row row;
    /// Which of the record's rows it is, from what the record holds (the numbers of its answers, not the order of the
    /// rows): edits know a row by it. No two rows of a record have the same.
    std::uint32_t part = 0;
};

/// The rows of one record. Whoever reads many records uses one of these for all of them, which keeps its room.
using RecordRows = std::vector<RecordRow>;

/// One layout of columns.
struct Layout {
    std::string id;                       ///< "preference-strings"
    std::string title;                    ///< "prompt, chosen, rejected (texts)"
    std::string columns;                  ///< "prompt, chosen and rejected": what it needs, for error messages
    std::string example;                  ///< one record as JSON, for help and error messages
    std::vector<std::string_view> roles;  ///< those of columnRoles() that it reads
    RowKind kind = RowKind::Preference;
    bool readsAll(std::span<const std::string_view> wanted) const;
    /// True if a record is one row, whose texts are the columns of its roles; search and export read them there. Rows of
    /// any other layout are searched and exported as they were read.
    bool isColumnar = true;
    /// How well the first records of a file (objects; at least one) fit. `wished` says which columns the user means.
    Recognition (*recognise)(std::span<const RecordValue> sample, const ColumnMapping& wished) = nullptr;
    /// Appends the rows of a record, an object; the error is the reason, e.g. "\"chosen\" is a number, expected text".
    tl::expected<void, std::string> (*read)(const RecordValue& record, const ColumnMapping& mapping,
                                            RecordRows& into) = nullptr;
};

/// All layouts, in order of their file names.
std::span<const Layout* const> layouts();

/// A layout with the columns that it reads.
struct MappedLayout {
    const Layout* layout = nullptr;
    ColumnMapping mapping;
    /// The columns that hold the texts of a record's row, in the order of textColumns; none if a record gives its rows
    /// in another way.
    std::vector<std::string> textColumns() const;
};

}  // namespace preflab
