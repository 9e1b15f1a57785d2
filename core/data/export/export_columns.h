// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of a CSV or Parquet export: what a pass over the rows learns about them, and the query that copies them.
#pragma once

#include "core/base/json.h"
#include "core/data/export/export.h"
#include "core/data/ingest/unique_names.h"
#include "core/data/rows/row.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Keys of JSON objects with the names they are written under, in the order in which they came.
class KeyNames {
public:
    explicit KeyNames(std::span<const std::string_view> first);
    /// The object with every key under its name; new keys get one.
    void rename(Json& object);
    const std::vector<std::string>& names() const { return m_names; }

private:
    const std::string& nameOf(const std::string& key);

    UniqueNames m_unique;
    std::map<std::string, std::string> m_nameOf;
    std::vector<std::string> m_names;
};

/// Every column of the rows to be exported.
class ExportColumns {
public:
    explicit ExportColumns(RowKind kind);
    /// Notes the columns of `row`. Columns and keys of messages that differ only in case get a number in `row`, too.
    void take(Json& row);
    /// SELECT over the lines of `source` (a literal), the texts first.
    std::string select(const std::string& source, ExportKind kind) const;

private:
    struct TextColumn {
        std::string name;
        KeyNames messageKeys;
        bool hasTexts = false;
        bool hasLists = false;
        bool hasParts = false;  ///< a message's content is a list of parts
    };

    std::vector<TextColumn> m_texts;
    KeyNames m_names;  ///< the texts first
};

}  // namespace preflab
