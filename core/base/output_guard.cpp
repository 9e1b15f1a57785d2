// SPDX-License-Identifier: GPL-3.0-or-later
// Compares places, not names.
#include "core/base/output_guard.h"

#include <algorithm>
#include <system_error>

namespace preflab {

namespace fs = std::filesystem;

namespace {

bool isWithin(const fs::path& place, const fs::path& folder)
{
    const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), place.begin(), place.end());
    return end == folder.end();
}

/// The same file under another name: `equivalent` compares device and number, after links.
bool isSameFile(const fs::path& one, const fs::path& other)
{
    std::error_code failure;
    return fs::equivalent(one, other, failure) && !failure;
}

bool isLinkedFrom(const fs::path& target, const fs::path& folder)
{
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure))
        if (isSameFile(target, entry->path())) return true;
    return false;
}

}  // namespace

fs::path placeOf(const fs::path& path)
{
    std::error_code failure;
    const fs::path place = fs::weakly_canonical(path, failure);
    return failure ? fs::absolute(path, failure).lexically_normal() : place;
}

Result<> checkOutput(const fs::path& target, const std::vector<Reading>& readings)
{
    const fs::path place = placeOf(target);
    for (const Reading& reading : readings) {
        std::error_code failure;
        const bool isFolder = fs::is_directory(reading.path, failure);
        const bool isPart = isFolder && (isWithin(place, placeOf(reading.path)) || isLinkedFrom(target, reading.path));
        if (!isPart && place != placeOf(reading.path) && !isSameFile(target, reading.path)) continue;
        if (!fs::exists(reading.path, failure)) continue;
        return fail(ErrorCode::OutputIsInput,
                    {{"path", target.string()}, {"reading", (isFolder ? "part of " : "") + reading.name}});
    }
    return {};
}

}  // namespace preflab
