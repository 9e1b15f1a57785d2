// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines have no columns; these are found while the lines are written.
#include "core/data/export/export_columns.h"

#include "core/data/ingest/duckdb_session.h"

#include <algorithm>
#include <array>
#include <utility>

namespace preflab {
namespace {

constexpr std::string_view kContent = "content";
constexpr std::array<std::string_view, 2> kMessageKeys{"role", kContent};

/// "prompt: VARCHAR, ..." for read_json, and what to select of it.
struct CopyQuery {
    std::string columns;
    std::string select;

    void add(std::string_view name, const std::string& type, const std::string& expression)
    {
        columns += (columns.empty() ? "" : ", ") + sqlText(name) + ": " + sqlText(type);
        select += (select.empty() ? "" : ", ") + expression + " AS " + sqlName(name);
    }
};

/// The type of a list of messages; what a message has beyond role and content becomes text like other columns.
std::string messagesType(const KeyNames& keys, bool hasParts)
{
    std::string fields;
    for (const std::string& name : keys.names())
        fields += (fields.empty() ? "" : ", ") + sqlName(name) + (hasParts && name == kContent ? " JSON" : " VARCHAR");
    return "STRUCT(" + fields + ")[]";
}

/// The messages of a column whose contents are texts or lists of text parts: what the parts say, joined, as a template
/// would read them. One column of Parquet cannot hold both.
std::string withoutParts(const std::string& column, const KeyNames& keys)
{
    const std::string content = "message." + sqlName(kContent);
    std::string fields;
    for (const std::string& name : keys.names()) {
        const std::string value = name != kContent
                                      ? "message." + sqlName(name)
                                      : "CASE WHEN json_type(" + content +
                                            ") = 'ARRAY' THEN array_to_string(json_extract_string(" + content +
                                            ", '$[*].text'), '') ELSE json_extract_string(" + content + ", '$') END";
        fields += (fields.empty() ? "" : ", ") + sqlName(name) + ": " + value;
    }
    return "[{" + fields + "} for message in " + column + "]";
}

}  // namespace

KeyNames::KeyNames(std::span<const std::string_view> first)
{
    for (const std::string_view key : first) nameOf(std::string(key));
}

const std::string& KeyNames::nameOf(const std::string& key)
{
    const auto [found, isNew] = m_nameOf.try_emplace(key);
    if (isNew) {
        // SQL has no name without letters.
        found->second = m_unique.take(key.empty() ? "column" : key);
        m_names.push_back(found->second);
    }
    return found->second;
}

void KeyNames::rename(Json& object)
{
    bool isRenamed = false;
    for (const auto& [key, value] : object.items()) isRenamed = nameOf(key) != key || isRenamed;
    if (!isRenamed) return;
    Json renamed = Json::object();
    for (auto& [key, value] : object.items()) renamed[nameOf(key)] = std::move(value);
    object = std::move(renamed);
}

ExportColumns::ExportColumns(RowKind kind) : m_names(textColumns(kind))
{
    for (const std::string_view name : textColumns(kind))
        m_texts.push_back({std::string(name), KeyNames(kMessageKeys)});
}

void ExportColumns::take(Json& row)
{
    m_names.rename(row);
    for (TextColumn& column : m_texts) {
        const auto found = row.find(column.name);
        if (found == row.end()) continue;
        column.hasTexts = column.hasTexts || found->is_string();
        column.hasLists = column.hasLists || found->is_array();
        if (!found->is_array()) continue;
        for (Json& message : *found) {
            column.hasParts = column.hasParts || (message.contains(kContent) && message.at(kContent).is_array());
            column.messageKeys.rename(message);
        }
    }
}

std::string ExportColumns::select(const std::string& source, ExportKind kind) const
{
    CopyQuery query;
    for (const TextColumn& column : m_texts) {
        const std::string name = sqlName(column.name);
        const bool areAllLists = column.hasLists && !column.hasTexts;
        if (!column.hasLists && !column.hasTexts) continue;
        if (!column.hasLists)
            query.add(column.name, "VARCHAR", name);
        else if (kind == ExportKind::Parquet && areAllLists)
            query.add(column.name, messagesType(column.messageKeys, column.hasParts),
                      column.hasParts ? withoutParts(name, column.messageKeys) : name);
        else
            query.add(column.name, "JSON",
                      "CASE WHEN json_type(" + name + ") = 'ARRAY' THEN " + name +
                          "::VARCHAR ELSE json_extract_string(" + name + ", '$') END");
    }
    for (std::size_t i = m_texts.size(); i < m_names.names().size(); ++i) {
        const std::string& name = m_names.names()[i];
        query.add(name, "JSON", "json_extract_string(" + sqlName(name) + ", '$')");
    }
    return "SELECT " + query.select + " FROM read_json(" + source + ", format = 'newline_delimited', columns = {" +
           query.columns + "})";
}

}  // namespace preflab
