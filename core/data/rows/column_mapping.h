// SPDX-License-Identifier: GPL-3.0-or-later
// Which columns of a file are the prompt, the chosen answer and so on, where they are not called so.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// The source's column for each role. A role is called as TRL calls its column, and so is the column unless the user says
/// otherwise.
struct ColumnMapping {
    std::string prompt = "prompt";
    std::string chosen = "chosen";
    std::string rejected = "rejected";
    std::string completion = "completion";
    std::string text = "text";
    bool operator==(const ColumnMapping&) const = default;

    /// The column of a role of columnRoles().
    const std::string& column(std::string_view role) const;
    /// The roles whose columns have other names, in the order of columnRoles().
    std::vector<std::string_view> changedRoles() const;
    /// True if every column is called as its role is.
    bool isPlain() const { return changedRoles().empty(); }
};

/// prompt, chosen, rejected, completion, text.
std::span<const std::string_view> columnRoles();

/// Takes in "prompt=question". The error is the reason why it cannot be, naming what was said.
tl::expected<void, std::string> mapColumn(ColumnMapping& mapping, std::string_view assignment);
/// What mapColumn takes in to make this mapping of a plain one: {"prompt=question"}.
std::vector<std::string> assignmentsOf(const ColumnMapping& mapping);
/// "question as prompt, reply as chosen"; empty for a plain mapping.
std::string mappingText(const ColumnMapping& mapping);

/// {"prompt": "question"}: what is called otherwise.
Json toJson(const ColumnMapping& mapping);
/// The error is a reason as mapColumn gives it.
tl::expected<ColumnMapping, std::string> columnMappingFrom(const Json& json);

}  // namespace preflab
