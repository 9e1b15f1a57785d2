// SPDX-License-Identifier: GPL-3.0-or-later
// Depth first, by the status of entries themselves and never of what links lead to.
#include "core/base/cache_folder.h"

#include "core/base/file_error.h"

#include <system_error>
#include <vector>

namespace preflab {
namespace {

/// The entries of a folder; none if it cannot be read.
std::vector<std::filesystem::path> entriesOf(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> entries;
    std::error_code error;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        entries.push_back(entry->path());
    return entries;
}

std::filesystem::file_type typeOf(const std::filesystem::path& path)
{
    std::error_code ignored;
    return std::filesystem::symlink_status(path, ignored).type();
}

/// Bytes and number of one entry that is no folder: links, sockets and the like count as nothing.
CacheContents contentsOfFile(const std::filesystem::path& path)
{
    if (typeOf(path) != std::filesystem::file_type::regular) return {};
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(path, error);
    return error ? CacheContents{} : CacheContents{bytes, 1};
}

void add(CacheContents& sum, const CacheContents& more)
{
    sum.bytes += more.bytes;
    sum.files += more.files;
}

void removeEntry(const std::filesystem::path& path, EmptiedCache& done)
{
    const bool isFolder = typeOf(path) == std::filesystem::file_type::directory;
    if (isFolder) {
        for (const auto& inner : entriesOf(path)) removeEntry(inner, done);
    }
    const CacheContents contents = isFolder ? CacheContents{} : contentsOfFile(path);
    std::error_code error;
    std::filesystem::remove(path, error);
    if (!error) {
        add(done.freed, contents);
        return;
    }
    ++done.kept;
    if (!done.problem) done.problem = writeError(path, error.value());
}

}  // namespace

CacheContents cacheContents(const std::filesystem::path& folder)
{
    CacheContents sum;
    for (const auto& path : entriesOf(folder)) {
        const bool isFolder = typeOf(path) == std::filesystem::file_type::directory;
        add(sum, isFolder ? cacheContents(path) : contentsOfFile(path));
    }
    return sum;
}

EmptiedCache emptyCache(const std::filesystem::path& folder)
{
    EmptiedCache done;
    for (const auto& path : entriesOf(folder)) removeEntry(path, done);
    return done;
}

}  // namespace preflab
