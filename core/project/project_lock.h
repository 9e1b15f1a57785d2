// SPDX-License-Identifier: GPL-3.0-or-later
// One process per project: an flock that the kernel takes back when its process dies, however it dies.
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace preflab {

/// Holds "<folder>/project.lock"; released by destruction. The file stays, because removing it would race with
/// another process that has just opened it.
class ProjectLock {
public:
    /// ProjectLocked names the owner's process and machine. ProjectReadOnly, DiskFull, WriteFailed.
    static Result<ProjectLock> take(const std::filesystem::path& folder);
    ProjectLock(ProjectLock&& other) noexcept;
    ProjectLock& operator=(ProjectLock&& other) noexcept;
    ~ProjectLock();

private:
    explicit ProjectLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
};

/// A failed file operation in a project, by its errno: ProjectReadOnly, DiskFull or WriteFailed.
Error projectFileError(const std::filesystem::path& path, int number);

}  // namespace preflab
