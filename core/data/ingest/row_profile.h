// SPDX-License-Identifier: GPL-3.0-or-later
// What the first rows of a row file look like: their columns, and the layout that fits them best.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"
#include "core/data/ingest/format.h"
#include "core/data/rows/row.h"

#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// The first rows that are JSON objects.
struct RowProfile {
    const FormatInfo* format = nullptr;  ///< nullptr if none fits
    std::vector<std::string> columns;    ///< in file order
    std::vector<std::string> kinds;      ///< of their first values that are not null: "text", "number", ...
    Row first;                           ///< the first row that `format` can read
    bool hasObjects = false;
    std::string wrapper = {};  ///< a column that holds a list of what would be rows by themselves; empty: there is none
};

/// Profiles the first hundred objects of the first block of lines that holds any.
Result<RowProfile> profileRows(const FileReader& file);

/// "prompt (text), chosen (number)"
std::string columnsText(const RowProfile& profile);
/// The columns of all layouts, for messages.
std::string knownColumnsText();

}  // namespace preflab
