// SPDX-License-Identifier: GPL-3.0-or-later
// flock with the owner's name inside.
#include "core/project/project_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace preflab {
namespace {

constexpr const char* kLockFile = "project.lock";

/// The name only serves the other process's message. The lock holds without it, so a full disk does not matter.
void writeOwner(int descriptor)
{
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
    const std::string text = "process " + std::to_string(::getpid()) + " on " + host.data() + "\n";
    if (::ftruncate(descriptor, 0) != 0) return;
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

std::string ownerText(int descriptor)
{
    std::array<char, 512> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
    std::string owner(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    owner.resize(std::min(owner.size(), owner.find('\n')));
    return owner.empty() ? "another process" : owner;  // it may not have written its name yet
}

int lockWithoutWaiting(int descriptor)
{
    int result = 0;
    do {
        result = ::flock(descriptor, LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

}  // namespace

Error projectFileError(const std::filesystem::path& path, int number)
{
    if (number == EROFS || number == EACCES || number == EPERM) {
        return {ErrorCode::ProjectReadOnly, {{"path", path.string()}}, {}};
    }
    if (number == ENOSPC || number == EDQUOT) {
        return {ErrorCode::DiskFull, {{"path", path.string()}, {"free", "no room"}, {"needed", "a few megabytes"}}, {}};
    }
    return {ErrorCode::WriteFailed, {{"path", path.string()}, {"reason", std::generic_category().message(number)}}, {}};
}

ProjectLock::ProjectLock(ProjectLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

ProjectLock& ProjectLock::operator=(ProjectLock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

ProjectLock::~ProjectLock()
{
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<ProjectLock> ProjectLock::take(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / kLockFile;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return tl::unexpected(projectFileError(folder, errno));
    ProjectLock lock(descriptor);
    const int number = lockWithoutWaiting(descriptor);
    if (number == EWOULDBLOCK) {
        return fail(ErrorCode::ProjectLocked, {{"path", folder.string()}, {"owner", ownerText(descriptor)}});
    }
    if (number != 0) return tl::unexpected(projectFileError(file, number));
    writeOwner(descriptor);
    return lock;
}

}  // namespace preflab
