// SPDX-License-Identifier: GPL-3.0-or-later
// Two common kinds of files have sentences of their own.
#include "core/data/ingest/no_layout.h"

#include "core/base/excerpt.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace preflab {
namespace {

bool hasColumn(const RowProfile& profile, std::string_view name)
{
    return std::ranges::find(profile.columns, name) != profile.columns.end();
}

/// Each row has one answer, and says whether it is a wanted one.
bool isUnpaired(const RowProfile& profile)
{
    return hasColumn(profile, "prompt") && hasColumn(profile, "completion") && hasColumn(profile, "label");
}

}  // namespace

Error noLayout(const std::filesystem::path& path, const RowProfile& profile)
{
    if (!profile.wrapper.empty()) {
        const std::string key = excerptOf(profile.wrapper);
        return {
            ErrorCode::DataInvalid,
            {{"path", path.string()},
             {"where", "the key \"" + key + "\""},
             {"reason", "the rows stand in a list under this key, and only a file that is that list itself is read; "
                        "save what is under \"" +
                            key + "\" as a file of its own (jq can do it)"}},
            {}};
    }
    const std::string expected =
        isUnpaired(profile) ? "pairs with chosen and rejected (these rows are unpaired, as for KTO, with one labelled "
                              "answer each; saved without the column label, the wanted ones serve --method sft)"
                            : knownColumnsText();
    return {ErrorCode::WrongColumns,
            {{"path", path.string()}, {"found", columnsText(profile)}, {"expected", expected}},
            {}};
}

}  // namespace preflab
