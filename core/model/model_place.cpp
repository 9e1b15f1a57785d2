// SPDX-License-Identifier: GPL-3.0-or-later
// Folders and links of models.
#include "core/model/model_place.h"

#include <algorithm>
#include <string_view>
#include <system_error>

namespace preflab {
namespace {

constexpr std::string_view kCachePrefix = "models--";
constexpr std::string_view kSnapshots = "snapshots";

bool isInside(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end() && rest != path.end();
}

/// Where a model's files may lie. A cache has <model>/snapshots/<revision>/ with links to <model>/blobs/.
std::filesystem::path rootOf(const std::filesystem::path& folder)
{
    const auto snapshots = folder.parent_path();
    std::error_code ignored;
    const bool isCache =
        snapshots.filename() == kSnapshots && std::filesystem::is_directory(snapshots.parent_path() / "blobs", ignored);
    return isCache ? snapshots.parent_path() : folder;
}

/// "org/name" of .../models--org--name/snapshots/<revision>.
std::optional<std::string> cachedName(const std::filesystem::path& folder)
{
    if (folder.parent_path().filename() != kSnapshots) return std::nullopt;
    std::string name = folder.parent_path().parent_path().filename().string();
    if (!name.starts_with(kCachePrefix)) return std::nullopt;
    name.erase(0, kCachePrefix.size());
    // Only the first "--" parts owner from name; a name may hold others.
    if (const auto dashes = name.find("--"); dashes != std::string::npos) name.replace(dashes, 2, "/");
    return name;
}

/// Without "." and a slash at the end.
std::filesystem::path tidied(const std::filesystem::path& folder)
{
    std::filesystem::path path = folder.lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace

bool leadsOutside(const std::filesystem::path& file)
{
    std::error_code error;
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const auto folder = std::filesystem::canonical(parent, error);
    if (error) return false;
    const auto target = std::filesystem::canonical(folder / file.filename(), error);
    return !error && !isInside(target, rootOf(folder));
}

std::optional<Error> cacheFault(const std::filesystem::path& folder)
{
    const std::filesystem::path given = tidied(folder);
    std::filesystem::path place = given;
    if (given.filename() == kSnapshots) place = given.parent_path();
    if (given.parent_path().filename() == kSnapshots) place = given.parent_path().parent_path();
    if (!place.filename().string().starts_with(kCachePrefix)) return std::nullopt;
    std::error_code error;
    std::filesystem::directory_iterator entry(place / kSnapshots, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        if (!std::filesystem::exists(entry->path() / "config.json", ignored)) continue;
        return Error{ErrorCode::WrongUse,
                     {{"reason", folder.string() +
                                     " is a folder of the Hugging Face cache, in which the model lies "
                                     "deeper: give " +
                                     entry->path().string()}},
                     {}};
    }
    return Error{
        ErrorCode::ConfigInvalid,
        {{"path", folder.string()},
         {"key", std::string(kSnapshots)},
         {"reason", "this folder of the Hugging Face cache has no snapshot with a config.json, so its download "
                    "was not finished"}},
        {}};
}

Result<> checkIsInside(const std::filesystem::path& file)
{
    if (leadsOutside(file)) return fail(ErrorCode::LinkOutside, {{"path", file.string()}});
    return {};
}

std::string modelName(const std::filesystem::path& folder)
{
    const std::filesystem::path given = tidied(folder);
    if (const auto name = cachedName(given)) return *name;
    std::error_code error;
    const auto target = std::filesystem::canonical(given, error);
    if (!error) {
        if (const auto name = cachedName(target)) return *name;
    }
    const std::string name = given.filename().string();
    const bool saysNothing = name.empty() || name == "." || name == "..";
    return saysNothing && !error ? target.filename().string() : name;
}

}  // namespace preflab
