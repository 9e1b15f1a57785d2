// SPDX-License-Identifier: GPL-3.0-or-later
// Holds ids against what PrefLab makes itself.
#include "core/project/run_id.h"

#include "core/base/excerpt.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace preflab {
namespace {

constexpr std::size_t kLongestId = 200;  ///< leaves room for what is put before and behind it in a file's name

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool isRunId(std::string_view id)
{
    const auto isPlain = [](char c) { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.'; };
    return !id.empty() && id.size() <= kLongestId && isAlphanumeric(id.front()) &&
           std::all_of(id.begin(), id.end(), isPlain);
}

Result<> checkRunId(std::string_view id, const std::filesystem::path& folder)
{
    if (isRunId(id)) return {};
    return fail(ErrorCode::ProjectInvalid,
                {{"path", folder.string()},
                 {"reason", "its database calls a run \"" + excerptOf(id) + "\", which cannot name a folder of it"}});
}

Result<> checkRunIds(Database& database, const std::filesystem::path& folder)
{
    return database.call(Durability::Normal, [&folder](Connection& connection) -> Result<> {
        Statement rows = connection.prepare("SELECT id FROM runs");
        while (rows.step()) TRY_VOID(checkRunId(rows.text(0), folder));
        return {};
    });
}

}  // namespace preflab
