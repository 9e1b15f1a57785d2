// SPDX-License-Identifier: GPL-3.0-or-later
// Dataset layouts. Adding one is one file in core/data/ingest/formats that defines `format_<stem>`.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/record.h"
#include "core/data/rows/row.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One layout of columns.
struct FormatInfo {
    std::string id;       ///< "preference-strings"
    std::string title;    ///< "prompt, chosen, rejected (texts)"
    std::string columns;  ///< "prompt, chosen and rejected": what it needs, for error messages
    std::string example;  ///< one row as JSON, for help and error messages
    RowKind kind = RowKind::Preference;
    /// How well a row (an object) fits: 0 not at all; the highest of all formats over the first rows wins.
    int (*fits)(const RecordValue& row) = nullptr;
    /// Reads one row; the error is the reason, e.g. "\"chosen\" is a number, expected text".
    tl::expected<Row, std::string> (*read)(const RecordValue& row) = nullptr;
};

/// All layouts, in order of their file names.
std::span<const FormatInfo* const> formats();

}  // namespace preflab
