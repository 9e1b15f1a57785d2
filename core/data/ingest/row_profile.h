// SPDX-License-Identifier: GPL-3.0-or-later
// What the first rows of a row file look like: their columns, and the layout that fits them best.
#pragma once

#include "core/base/file_reader.h"
#include "core/base/result.h"
#include "core/data/ingest/layout.h"
#include "core/data/rows/row.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// The first rows that are JSON objects.
struct RowProfile {
    MappedLayout layout;               ///< without layout if none fits
    std::string reason;                ///< why it is that layout
    std::vector<std::string> columns;  ///< in file order: the first fifty, and all that mean something by their names
    std::vector<std::string> kinds;    ///< of their first values that are not null: "text", "number", ...
    std::uint64_t otherColumns = 0;    ///< how many columns there are beside `columns`
    Row first;                         ///< the first row that `layout` can read
    bool hasObjects = false;
    std::string_view missingRole = {};  ///< whose column, named by the user, none of them has; empty: there is none
    std::string wrapper = {};  ///< a column that holds a list of what would be rows by themselves; empty: there is none
};

/// What a file is to be read by.
struct ProfileRequest {
    std::filesystem::path path;  ///< as the user named the file, for messages
    ColumnMapping mapping;       ///< the user's: only layouts that read every role it changes come into question
    std::span<const Layout* const> layouts;
};

/// Profiles the first hundred objects, or those of the first MiB of text that holds any.
Result<RowProfile> profileRows(const FileReader& file, const ProfileRequest& request);

/// "prompt (text), chosen (number) and 3 more"
std::string columnsText(const RowProfile& profile);

}  // namespace preflab
