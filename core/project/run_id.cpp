// SPDX-License-Identifier: GPL-3.0-or-later
// Holds ids against what PrefLab makes itself.
#include "core/project/run_id.h"

#include "core/base/excerpt.h"
#include "core/base/plain_name.h"

#include <cstddef>
#include <string>

namespace preflab {
namespace {

constexpr std::size_t kLongestId = 200;  ///< leaves room for what is put before and behind it in a file's name

}  // namespace

bool isRunId(std::string_view id)
{
    return isPlainName(id, kLongestId);
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
