// SPDX-License-Identifier: GPL-3.0-or-later
// A folder for a while, removed with everything in it.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <utility>

namespace preflab {

/// Made in the system's folder for temporary files.
class ScratchFolder {
public:
    /// WriteFailed when none can be made.
    static Result<ScratchFolder> create();
    ScratchFolder(ScratchFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    ScratchFolder& operator=(ScratchFolder&& other) noexcept
    {
        std::swap(m_path, other.m_path);
        return *this;
    }
    ~ScratchFolder();
    const std::filesystem::path& path() const { return m_path; }

private:
    explicit ScratchFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

}  // namespace preflab
