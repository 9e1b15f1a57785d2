// SPDX-License-Identifier: GPL-3.0-or-later
// Common kinds of files have sentences of their own.
#include "core/data/ingest/no_layout.h"

#include "core/base/excerpt.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {
namespace {

bool hasColumn(const RowProfile& profile, std::string_view name)
{
    return std::ranges::find(profile.columns, name) != profile.columns.end();
}

bool holds(const RowProfile& profile, std::string_view name, std::string_view kind)
{
    const auto found = std::ranges::find(profile.columns, name);
    return found != profile.columns.end() &&
           profile.kinds[static_cast<std::size_t>(found - profile.columns.begin())] == kind;
}

/// Each row has one answer, and says whether it is a wanted one: TRL's label, or the label or kto_tag of
/// LLaMA-Factory's files.
bool isUnpaired(const RowProfile& profile)
{
    if (hasColumn(profile, "prompt") && hasColumn(profile, "completion") && hasColumn(profile, "label")) return true;
    if (hasColumn(profile, "chosen") && hasColumn(profile, "rejected")) return false;
    const auto hasAnswer =
        std::ranges::any_of(std::array{"messages", "conversations", "completion", "response", "output", "answer"},
                            [&](const char* name) { return hasColumn(profile, name); });
    return hasAnswer && (holds(profile, "label", "truth value") || holds(profile, "kto_tag", "truth value"));
}

/// The column of whole conversations that would be a text or a completion without prompt; empty: there is none.
std::string loneConversation(const RowProfile& profile, const ProfileRequest& request)
{
    const auto isOne = [&](const std::string& column) { return holds(profile, column, "list of messages"); };
    const ColumnMapping& mapping = request.mapping;
    const auto roles = mapping.changedRoles();
    const bool isTextMeant = std::ranges::all_of(roles, [](std::string_view role) { return role == "text"; });
    if (isTextMeant && isOne(mapping.text)) return mapping.text;
    const bool isPairMeant = hasColumn(profile, mapping.chosen) || hasColumn(profile, mapping.rejected);
    if (isPairMeant || hasColumn(profile, mapping.prompt)) return {};
    if (isOne(mapping.completion)) return mapping.completion;
    return roles.empty() && isOne("messages") ? "messages" : "";
}

/// The layouts that read what the user named columns for; all, if no layout reads all of it.
std::vector<const Layout*> candidates(const ProfileRequest& request)
{
    const auto roles = request.mapping.changedRoles();
    std::vector<const Layout*> found(request.layouts.begin(), request.layouts.end());
    std::erase_if(found, [&](const Layout* layout) { return !layout->readsAll(roles); });
    if (found.empty()) found.assign(request.layouts.begin(), request.layouts.end());
    return found;
}

/// The columns of the layouts that come into question.
std::string knownColumnsText(const ProfileRequest& request)
{
    std::vector<std::string> sets;
    for (const auto* layout : candidates(request)) {
        if (std::ranges::find(sets, layout->columns) == sets.end()) sets.push_back(layout->columns);
    }
    std::string text;
    for (const auto& set : sets) text += (text.empty() ? "" : ", or ") + set;
    const auto mapped = mappingText(request.mapping);
    const bool isTextAlone = sets.size() == 1 && sets.front() == "text";
    return text + (isTextAlone ? " (of texts" : " (texts, or lists of messages with role and content") +
           (mapped.empty() ? "" : "; with " + excerptOf(mapped)) + ")";
}

/// Two roles of the layout that have one column: "chosen and rejected"; empty: there are none.
std::string sharedRoles(const MappedLayout& layout)
{
    const auto& roles = layout.layout->roles;
    for (std::size_t i = 0; i < roles.size(); ++i)
        for (std::size_t j = i + 1; j < roles.size(); ++j)
            if (layout.mapping.column(roles[i]) == layout.mapping.column(roles[j]))
                return std::string(roles[i]) + " and " + std::string(roles[j]);
    return {};
}

Error wrappedRows(const RowProfile& profile, const ProfileRequest& request)
{
    const std::string key = excerptOf(profile.wrapper);
    return {ErrorCode::DataInvalid,
            {{"path", request.path.string()},
             {"where", "the key \"" + key + "\""},
             {"reason", "the rows stand in a list under this key, and only a file that is that list itself is read; "
                        "save what is under \"" +
                            key + "\" as a file of its own (jq can do it)"}},
            {}};
}

Error lonelyConversations(const std::string& column, const ProfileRequest& request)
{
    return {ErrorCode::DataInvalid,
            {{"path", request.path.string()},
             {"where", "the column \"" + excerptOf(column) + "\""},
             {"reason", "it holds whole conversations, which are not trained on as they are; cut in two, with all but "
                        "the last answer as prompt and that as completion, both lists of messages, they serve "
                        "--method sft"}},
            {}};
}

tl::unexpected<Error> wrongColumns(const RowProfile& profile, const ProfileRequest& request,
                                   const std::string& expected)
{
    return fail(ErrorCode::WrongColumns,
                {{"path", request.path.string()}, {"found", columnsText(profile)}, {"expected", expected}});
}

}  // namespace

Result<> checkLayout(const RowProfile& profile, const ProfileRequest& request)
{
    if (!profile.hasObjects) return {};
    const bool isKnown = profile.layout.layout != nullptr;
    if (!isKnown && !profile.wrapper.empty()) return tl::unexpected(wrappedRows(profile, request));
    if (const auto role = profile.missingRole; !role.empty())
        return fail(ErrorCode::ColumnMissing, {{"path", request.path.string()},
                                               {"column", excerptOf(request.mapping.column(role))},
                                               {"role", std::string(role)},
                                               {"option", "--map"},
                                               {"found", columnsText(profile)}});
    if (!isKnown && isUnpaired(profile))
        return wrongColumns(profile, request,
                            "pairs with chosen and rejected (these rows are unpaired, as for KTO, with one labelled "
                            "answer each; saved as prompt and completion without the label, the wanted ones serve "
                            "--method sft)");
    if (const auto column = loneConversation(profile, request); !isKnown && !column.empty())
        return tl::unexpected(lonelyConversations(column, request));
    if (!isKnown) return wrongColumns(profile, request, knownColumnsText(request));
    if (const auto shared = sharedRoles(profile.layout); !shared.empty())
        return wrongColumns(profile, request, "different ones for " + shared);
    return {};
}

}  // namespace preflab
