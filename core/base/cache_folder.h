// SPDX-License-Identifier: GPL-3.0-or-later
// How much lies in a folder of caches, and emptying it. Links are never followed out of the folder.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace preflab {

/// Files of a cache, counted without those behind links.
struct CacheContents {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
    bool operator==(const CacheContents&) const = default;
};

/// What emptying a cache did.
struct EmptiedCache {
    CacheContents freed;
    std::uint64_t kept = 0;        ///< entries that could not be deleted
    std::optional<Error> problem;  ///< why the first of them could not: WriteFailed
};

/// Counts what lies below `folder`; nothing for a folder that is not there. What cannot be read is left out.
CacheContents cacheContents(const std::filesystem::path& folder);

/// Deletes everything below `folder`, not the folder itself. A link is deleted, what it leads to is not. Goes on past
/// what cannot be deleted. A file that somebody has open stays readable for them.
EmptiedCache emptyCache(const std::filesystem::path& folder);

}  // namespace preflab
