// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of a source under the names that an export gives them.
#pragma once

#include "core/base/json.h"
#include "core/data/ingest/dataset.h"

#include <map>
#include <set>
#include <string>

namespace preflab {

/// Names for the columns of a dataset whose texts are in columns of other names than TRL's. A column that would then have
/// the name of a text gets a number.
class SourceColumns {
public:
    /// `names` are those of all columns of all records.
    SourceColumns(const Dataset& data, const std::set<std::string>& names);
    const std::string& nameOf(const std::string& column) const;
    /// False if every column keeps its name.
    bool areAnyRenamed() const { return !m_nameOf.empty(); }
    /// A record with its columns under these names, in their order.
    Json named(const Json& record) const;

private:
    std::map<std::string, std::string> m_nameOf;  ///< of columns that get another name
};

}  // namespace preflab
