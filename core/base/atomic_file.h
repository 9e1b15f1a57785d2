// SPDX-License-Identifier: GPL-3.0-or-later
// Saving so that a crash leaves the old content or the new, never a part: temporary name, checked fsync,
// rename, fsync of the folder.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace preflab {

/// What a link in the place of the target stands for.
enum class TargetLink {
    Follow,   ///< the file behind it is replaced: the user named it
    Replace,  ///< nothing: it is in the place of a file of our own
};

/// A file being written under a temporary name beside its target. Without `commit` the temporary is removed.
class AtomicFile {
public:
    static Result<AtomicFile> create(const std::filesystem::path& target, TargetLink link = TargetLink::Follow);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) noexcept;
    ~AtomicFile();

    Result<> write(std::span<const std::byte> bytes);
    Result<> write(std::string_view text);
    /// Syncs, renames over the target and syncs the folder. WriteFailed leaves the target as it was; WriteUncertain: it is
    /// the new one, but may be the old one again after a power cut.
    Result<> commit();

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor);
    void discard();
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_descriptor = -1;
};

/// `create`, `write`, `commit` in one.
Result<> writeFileAtomically(const std::filesystem::path& target, std::string_view text,
                             TargetLink link = TargetLink::Follow);

/// Makes a file durable that a library wrote as `temporary`, and puts it in the place of `target`, on the same disk.
/// WriteFailed leaves the target as it was; WriteUncertain as AtomicFile::commit.
Result<> commitFile(const std::filesystem::path& temporary, const std::filesystem::path& target,
                    TargetLink link = TargetLink::Follow);

/// A folder being filled under "<name>.tmp", visible under its name only after `commit`.
class StagedFolder {
public:
    /// Removes a left-over "<target>.tmp" first.
    static Result<StagedFolder> create(const std::filesystem::path& target);
    StagedFolder(StagedFolder&& other) noexcept;
    StagedFolder& operator=(StagedFolder&& other) noexcept;
    ~StagedFolder();

    /// Where to put files until `commit`.
    const std::filesystem::path& path() const { return m_temporary; }
    /// Syncs every file and the folder, replaces a previous target, renames, syncs the parent. WriteFailed leaves the
    /// previous target as it was; WriteUncertain keeps it as "<name>.preflab-old" beside the new one.
    Result<> commit();

private:
    StagedFolder(std::filesystem::path target, std::filesystem::path temporary);
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
};

/// Checks that `bytes` fit on the disk of `folder`, and a twentieth and as much again, at most 1 MiB, for what is written
/// beside them: DiskFull, WriteFailed.
Result<> checkFreeSpace(const std::filesystem::path& folder, std::uint64_t bytes);

}  // namespace preflab
