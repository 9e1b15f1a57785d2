// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that somebody goes on to use by its path: whether the path still leads to it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace preflab {

/// Remembers which folder is at a path now. Held open where the system allows it, so that no other one gets its number.
class HeldFolder {
public:
    explicit HeldFolder(std::filesystem::path path);
    ~HeldFolder();
    HeldFolder(const HeldFolder&) = delete;
    HeldFolder& operator=(const HeldFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    /// There was a folder at the path when this was made, and now there is nothing, or another one. What is no folder is only
    /// in the way.
    bool isGone() const;

private:
    std::filesystem::path m_path;
    int m_descriptor = -1;
    bool m_wasThere = false;
    std::uint64_t m_device = 0;
    std::uint64_t m_inode = 0;
};

}  // namespace preflab
