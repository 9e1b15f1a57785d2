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
    /// To write. Waits for readers that are just opening the project. ProjectLocked names the owner's process and machine.
    /// SystemLimit, ProjectReadOnly, DiskFull, WriteFailed.
    static Result<ProjectLock> take(const std::filesystem::path& folder);
    /// To open a project at rest for reading: keeps writers waiting until it is destroyed. Nothing is written, and a
    /// folder without a lock file has no writer.
    static ProjectLock takeToRead(const std::filesystem::path& folder);
    ProjectLock(ProjectLock&& other) noexcept;
    ProjectLock& operator=(ProjectLock&& other) noexcept;
    ~ProjectLock();

    /// Only after `takeToRead`: somebody else holds the lock to write.
    bool isWriterActive() const { return m_isWriterActive; }
    /// The owner before ended without closing the database.
    bool wasLeftOpen() const { return m_wasLeftOpen; }
    /// Notes in the lock file that the database is open, or is not any more.
    void noteOpen(bool isOpen);

private:
    explicit ProjectLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor = -1;
    bool m_isWriterActive = false;
    bool m_wasLeftOpen = false;
};

/// A failed file operation in a project, by its errno: ProjectReadOnly, DiskFull, SystemLimit or
/// WriteFailed.
Error projectFileError(const std::filesystem::path& path, int number);

}  // namespace preflab
