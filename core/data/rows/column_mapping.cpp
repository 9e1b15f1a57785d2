// SPDX-License-Identifier: GPL-3.0-or-later
// Roles by name, and mappings as people and files write them.
#include "core/data/rows/column_mapping.h"

#include "core/base/excerpt.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace preflab {
namespace {

constexpr std::array<std::string_view, 5> kRoles{"prompt", "chosen", "rejected", "completion", "text"};
constexpr std::array<std::string ColumnMapping::*, 5> kColumns{&ColumnMapping::prompt, &ColumnMapping::chosen,
                                                               &ColumnMapping::rejected, &ColumnMapping::completion,
                                                               &ColumnMapping::text};

std::string rolesText()
{
    std::string text;
    for (const std::string_view role : kRoles) text += (text.empty() ? "" : ", ") + std::string(role);
    return text;
}

/// Two roles that the user named one column for: the pairs would have identical sides, or answers that are prompts.
bool isGivenTwice(const ColumnMapping& mapping, std::string_view role)
{
    const auto changed = mapping.changedRoles();
    return std::ranges::any_of(changed, [&](std::string_view other) {
        return other != role && mapping.column(other) == mapping.column(role);
    });
}

}  // namespace

const std::string& ColumnMapping::column(std::string_view role) const
{
    const auto found = std::ranges::find(kRoles, role);
    return this->*kColumns[static_cast<std::size_t>(found - kRoles.begin())];
}

std::vector<std::string_view> ColumnMapping::changedRoles() const
{
    std::vector<std::string_view> changed;
    for (const std::string_view role : kRoles)
        if (column(role) != role) changed.push_back(role);
    return changed;
}

std::span<const std::string_view> columnRoles()
{
    return kRoles;
}

tl::expected<void, std::string> mapColumn(ColumnMapping& mapping, std::string_view assignment)
{
    const auto sign = assignment.find('=');
    if (sign == std::string_view::npos || sign + 1 == assignment.size())
        return tl::unexpected("\"" + excerptOf(assignment) +
                              "\" names no column; write ROLE=COLUMN, as prompt=question");
    const std::string_view role = assignment.substr(0, sign);
    const auto found = std::ranges::find(kRoles, role);
    if (found == kRoles.end())
        return tl::unexpected("\"" + excerptOf(role) + "\" is nothing that a column can be taken as; write one of " +
                              rolesText());
    if (mapping.column(role) != role)
        return tl::unexpected("two columns are named as " + std::string(role) + "; name one");
    mapping.*kColumns[static_cast<std::size_t>(found - kRoles.begin())] = assignment.substr(sign + 1);
    if (isGivenTwice(mapping, role))
        return tl::unexpected("the column \"" + excerptOf(mapping.column(role)) +
                              "\" cannot be taken twice; name another one as " + std::string(role));
    return {};
}

std::vector<std::string> assignmentsOf(const ColumnMapping& mapping)
{
    std::vector<std::string> assignments;
    for (const std::string_view role : mapping.changedRoles())
        assignments.push_back(std::string(role) + "=" + mapping.column(role));
    return assignments;
}

std::string mappingText(const ColumnMapping& mapping)
{
    std::string text;
    for (const std::string_view role : mapping.changedRoles())
        text += (text.empty() ? "" : ", ") + mapping.column(role) + " as " + std::string(role);
    return text;
}

Json toJson(const ColumnMapping& mapping)
{
    Json json = Json::object();
    for (const std::string_view role : mapping.changedRoles()) json[std::string(role)] = mapping.column(role);
    return json;
}

tl::expected<ColumnMapping, std::string> columnMappingFrom(const Json& json)
{
    if (!json.is_object()) return tl::unexpected(std::string("it is no object"));
    ColumnMapping mapping;
    for (const auto& [role, column] : json.items()) {
        if (!column.is_string()) return tl::unexpected("the column for \"" + excerptOf(role) + "\" is no text");
        TRY_VOID(mapColumn(mapping, role + "=" + column.get<std::string>()));
    }
    return mapping;
}

}  // namespace preflab
