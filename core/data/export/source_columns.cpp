// SPDX-License-Identifier: GPL-3.0-or-later
// Texts take their names; what had these makes room.
#include "core/data/export/source_columns.h"

#include "core/data/ingest/unique_names.h"
#include "core/data/rows/row.h"

#include <string_view>

namespace preflab {

SourceColumns::SourceColumns(const Dataset& data, const std::set<std::string>& names)
{
    if (data.mapping.isPlain()) return;
    for (const std::string_view role : textColumns(data.kind)) {
        const std::string& column = data.mapping.column(role);
        if (column != role) m_nameOf.emplace(column, role);
    }
    UniqueNames taken;
    for (const std::string& name : names) taken.take(name);
    for (const std::string_view role : textColumns(data.kind)) {
        const std::string name(role);
        const bool isText = data.mapping.column(role) == role || m_nameOf.contains(name);
        if (names.contains(name) && !isText) m_nameOf.emplace(name, taken.take(name));
    }
}

const std::string& SourceColumns::nameOf(const std::string& column) const
{
    const auto found = m_nameOf.find(column);
    return found == m_nameOf.end() ? column : found->second;
}

Json SourceColumns::named(const Json& record) const
{
    Json named = Json::object();
    for (const auto& [column, value] : record.items()) named[nameOf(column)] = value;
    return named;
}

}  // namespace preflab
