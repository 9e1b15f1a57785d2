// SPDX-License-Identifier: GPL-3.0-or-later
// Temporary name, checked fsync, rename, fsync of the folder. A failed fsync is a failed save: the kernel may have
// dropped the pages, so it is never retried on the same descriptor.
#include "core/base/atomic_file.h"

#include "core/base/file_error.h"
#include "core/base/system.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace preflab {
namespace {

constexpr std::uint64_t kSpareBytes = std::uint64_t{1}
                                      << 20;  ///< at most; for the project's database, which grows meanwhile
constexpr std::uint64_t kSpareShare = 20;     ///< a twentieth: blocks, and folders that grow
constexpr int kNameAttempts = 100;
constexpr int kLinksInARow = 40;                   // as many as Linux follows
constexpr const char* kReplaced = ".preflab-old";  ///< behind the name of a folder that was replaced

tl::unexpected<Error> writeFailed(const std::filesystem::path& path, int number)
{
    return tl::unexpected(writeError(path, number));
}

tl::unexpected<Error> writeFailed(const std::filesystem::path& path, const std::string& reason,
                                  const std::string& remedy)
{
    return tl::unexpected(writeError(path, reason, remedy));
}

std::filesystem::path folderOf(const std::filesystem::path& path)
{
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// Makes what was written under `path` durable; its errno if that fails.
int syncPath(const std::filesystem::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    if (descriptor < 0) return errno;
    const int failure = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some network file systems cannot sync a folder; there is nothing more to be had from them.
    return failure == EINVAL || failure == ENOTSUP ? 0 : failure;
}

/// What we made ourselves under a temporary name: a link in its place is not ours.
Result<> syncOwn(const std::filesystem::path& path)
{
    if (const int failure = syncPath(path, O_NOFOLLOW); failure != 0) return writeFailed(path, failure);
    return {};
}

/// After a rename in `folder`, which may be a link: from here on `target` is the new one, whatever the disk says.
Result<> confirmRename(const std::filesystem::path& folder, const std::filesystem::path& target)
{
    const int failure = syncPath(folder, O_DIRECTORY);
    if (failure == 0) return {};
    return fail(ErrorCode::WriteUncertain,
                {{"path", target.string()}, {"reason", std::generic_category().message(failure)}});
}

/// Through symbolic links we write the file behind them, which need not be there yet, and keep the links.
std::filesystem::path behindLink(std::filesystem::path target)
{
    std::error_code error;
    for (int link = 0; link < kLinksInARow && std::filesystem::is_symlink(target, error); ++link) {
        const auto next = std::filesystem::read_symlink(target, error);
        if (error) return target;
        target = next.is_absolute() ? next : folderOf(target) / next;
    }
    return target;
}

Result<> syncTree(const std::filesystem::path& root)
{
    std::error_code error;
    std::filesystem::recursive_directory_iterator entries(root, error);
    for (; !error && entries != std::filesystem::recursive_directory_iterator(); entries.increment(error)) {
        if (entries->is_symlink(error)) continue;
        TRY_VOID(syncOwn(entries->path()));
    }
    if (error) return writeFailed(root, error.value());
    return syncOwn(root);
}

std::filesystem::path withSuffix(const std::filesystem::path& path, const char* suffix)
{
    std::filesystem::path result = path;
    result += suffix;
    return result;
}

/// Puts `fresh` in the place of the folder `target` without a moment in which there is none; returns where the old
/// folder is now.
Result<std::filesystem::path> exchangeFolders(const std::filesystem::path& fresh, const std::filesystem::path& target)
{
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) return fresh;
    if (errno != EINVAL && errno != ENOSYS) return writeFailed(target, errno);
    // A file system that cannot exchange: StagedFolder::create puts the old one back after a kill in between.
    const auto old = withSuffix(target, kReplaced);
    if (::rename(target.c_str(), old.c_str()) != 0) return writeFailed(target, errno);
    if (::rename(fresh.c_str(), target.c_str()) != 0) {
        const int failure = errno;
        const bool isBack = ::rename(old.c_str(), target.c_str()) == 0;
        if (isBack) return writeFailed(target, failure);
        const std::string reason = std::generic_category().message(failure);
        return writeFailed(target, reason, "look for the old folder in " + old.string() + " and rename it");
    }
    return old;
}

/// Keeps the folder that was replaced where StagedFolder::create finds it, should the new one not have reached the disk.
void keepOld(const std::filesystem::path& replaced, const std::filesystem::path& target)
{
    const auto old = withSuffix(target, kReplaced);
    if (replaced.empty() || replaced == old) return;
    std::error_code ignored;
    std::filesystem::remove_all(old, ignored);
    std::filesystem::rename(replaced, old, ignored);
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor)
    : m_target(std::move(target)), m_temporary(std::move(temporary)), m_descriptor(descriptor)
{
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::move(other.m_temporary)),
      m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept
{
    std::swap(m_target, other.m_target);
    std::swap(m_temporary, other.m_temporary);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

AtomicFile::~AtomicFile()
{
    discard();
}

void AtomicFile::discard()
{
    if (m_descriptor < 0) return;
    ::close(m_descriptor);
    m_descriptor = -1;
    ::unlink(m_temporary.c_str());
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& target, TargetLink link)
{
    auto resolved = link == TargetLink::Follow ? behindLink(target) : target;
    struct stat status {};
    const bool isLink = ::lstat(resolved.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
    if (isLink && link == TargetLink::Follow)
        return writeFailed(target, "its links lead in a circle", "choose another name");
    // Asked of the target: what some links in /proc lead to has no name.
    const bool isFollowed = link == TargetLink::Follow || !isLink;
    const bool isThere = isFollowed && ::stat(target.c_str(), &status) == 0;
    if (isThere && !S_ISREG(status.st_mode))
        return writeFailed(target, "it is not an ordinary file", "choose another name");
    static std::atomic<unsigned> counter{0};
    for (int attempt = 0; attempt < kNameAttempts; ++attempt) {
        const std::string unique = std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
        const auto temporary = folderOf(resolved) / ("." + resolved.filename().string() + "." + unique + ".tmp");
        const mode_t mode = isThere ? status.st_mode & 0777U : 0666U;
        const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor < 0 && errno == EEXIST) continue;
        if (descriptor < 0) return writeFailed(target, errno);
        AtomicFile file(std::move(resolved), temporary, descriptor);
        // The umask may have taken from the mode that the old file has.
        if (isThere && ::fchmod(descriptor, mode) != 0) return writeFailed(target, errno);
        return file;
    }
    return writeFailed(target, "no free temporary name beside it", "remove the files there that end in .tmp");
}

Result<> AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return writeFailed(m_target, count < 0 ? errno : ENOSPC);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<> AtomicFile::write(std::string_view text)
{
    return write(std::as_bytes(std::span(text.data(), text.size())));
}

Result<> AtomicFile::commit()
{
    if (m_descriptor < 0) return writeFailed(m_target, "it was committed before", "report this fault of PrefLab");
    if (::fsync(m_descriptor) != 0) {
        const int failure = errno;
        discard();
        return writeFailed(m_target, failure);
    }
    const int descriptor = std::exchange(m_descriptor, -1);
    if (::close(descriptor) != 0 || ::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        const int failure = errno;
        ::unlink(m_temporary.c_str());
        return writeFailed(m_target, failure);
    }
    return confirmRename(folderOf(m_target), m_target);
}

Result<> writeFileAtomically(const std::filesystem::path& target, std::string_view text, TargetLink link)
{
    TRY(auto file, AtomicFile::create(target, link));
    TRY_VOID(file.write(text));
    return file.commit();
}

Result<> commitFile(const std::filesystem::path& temporary, const std::filesystem::path& target, TargetLink link)
{
    const auto resolved = link == TargetLink::Follow ? behindLink(target) : target;
    TRY_VOID(syncOwn(temporary));
    if (::rename(temporary.c_str(), resolved.c_str()) != 0) return writeFailed(target, errno);
    return confirmRename(folderOf(resolved), target);
}

StagedFolder::StagedFolder(std::filesystem::path target, std::filesystem::path temporary)
    : m_target(std::move(target)), m_temporary(std::move(temporary))
{
}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::exchange(other.m_temporary, {}))
{
}

StagedFolder& StagedFolder::operator=(StagedFolder&& other) noexcept
{
    std::swap(m_target, other.m_target);
    std::swap(m_temporary, other.m_temporary);
    return *this;
}

StagedFolder::~StagedFolder()
{
    if (m_temporary.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(m_temporary, ignored);
}

Result<StagedFolder> StagedFolder::create(const std::filesystem::path& target)
{
    // "folder/" and "folder" are the same target.
    const auto named = target.has_filename() ? target : target.parent_path();
    const auto temporary = withSuffix(named, ".tmp");
    const auto old = withSuffix(named, kReplaced);
    std::error_code error;
    if (!std::filesystem::exists(named, error) && std::filesystem::exists(old, error)) {
        std::filesystem::rename(old, named, error);
    }
    std::filesystem::remove_all(temporary, error);
    if (!error) std::filesystem::create_directories(temporary, error);
    if (error) return writeFailed(temporary, error.value());
    return StagedFolder(named, temporary);
}

Result<> StagedFolder::commit()
{
    if (m_temporary.empty()) return writeFailed(m_target, "it was committed before", "report this fault of PrefLab");
    TRY_VOID(syncTree(m_temporary));
    std::error_code error;
    std::filesystem::path replaced;
    if (std::filesystem::exists(std::filesystem::symlink_status(m_target, error))) {
        TRY(replaced, exchangeFolders(m_temporary, m_target));
    } else if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        return writeFailed(m_target, errno);
    }
    m_temporary.clear();
    if (auto confirmed = confirmRename(folderOf(m_target), m_target); !confirmed) {
        keepOld(replaced, m_target);
        return confirmed;
    }
    if (!replaced.empty()) std::filesystem::remove_all(replaced, error);
    std::filesystem::remove_all(withSuffix(m_target, kReplaced), error);  // of a save before that was not confirmed
    return {};
}

Result<> checkFreeSpace(const std::filesystem::path& folder, std::uint64_t bytes)
{
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0) return writeFailed(folder, errno);
    const std::uint64_t free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
    const std::uint64_t needed = bytes + bytes / kSpareShare + std::min(bytes, kSpareBytes);
    if (free >= needed) return {};
    return fail(ErrorCode::DiskFull,
                {{"path", folder.string()}, {"needed", byteText(needed)}, {"free", byteText(free)}});
}

}  // namespace preflab
