// SPDX-License-Identifier: GPL-3.0-or-later
// flock with the owner's name inside.
#include "core/project/project_lock.h"

#include "core/base/excerpt.h"
#include "core/base/file_error.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace preflab {
namespace {

constexpr const char* kLockFile = "project.lock";

constexpr std::string_view kOpenLine = "project.db is open\n";
constexpr int kWaits = 250;  ///< for readers: they hold the lock while they open, or copy a database
constexpr auto kWait = std::chrono::milliseconds(20);

std::string ownLine()
{
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
    return "process " + std::to_string(::getpid()) + " on " + host.data() + "\n";
}

/// The text only serves other processes' messages. The lock holds without it, so a full disk does not matter.
void writeText(int descriptor, std::string_view text)
{
    if (::ftruncate(descriptor, 0) != 0) return;
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

std::string readText(int descriptor)
{
    std::array<char, 512> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
    return std::string(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
}

std::string ownerText(int descriptor)
{
    const std::string text = readText(descriptor);
    const std::string owner = text.substr(0, text.find('\n'));
    return owner.empty() ? "another process" : excerptOf(owner);  // it may not have written its name yet
}

int lockWithoutWaiting(int descriptor, int kind)
{
    int result = 0;
    do {
        result = ::flock(descriptor, kind | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

/// Readers hold the lock for moments, another writer for long.
int lockToWrite(int descriptor)
{
    int number = lockWithoutWaiting(descriptor, LOCK_EX);
    for (int i = 0; number == EWOULDBLOCK && i < kWaits; ++i) {
        if (lockWithoutWaiting(descriptor, LOCK_SH) == EWOULDBLOCK) return EWOULDBLOCK;
        ::flock(descriptor, LOCK_UN);
        std::this_thread::sleep_for(kWait);
        number = lockWithoutWaiting(descriptor, LOCK_EX);
    }
    return number;
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
    return writeError(path, number);
}

ProjectLock::ProjectLock(ProjectLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_isWriterActive(other.m_isWriterActive),
      m_wasLeftOpen(other.m_wasLeftOpen)
{
}

ProjectLock& ProjectLock::operator=(ProjectLock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_isWriterActive, other.m_isWriterActive);
    std::swap(m_wasLeftOpen, other.m_wasLeftOpen);
    return *this;
}

ProjectLock::~ProjectLock()
{
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<ProjectLock> ProjectLock::take(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / kLockFile;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0644);
    if (descriptor < 0 && errno == ELOOP)
        return fail(ErrorCode::ProjectInvalid, {{"path", folder.string()}, {"reason", "its project.lock is a link"}});
    if (descriptor < 0 && errno == EISDIR)
        return fail(ErrorCode::ProjectInvalid, {{"path", folder.string()}, {"reason", "its project.lock is a folder"}});
    if (descriptor < 0) return tl::unexpected(projectFileError(folder, errno));
    ProjectLock lock(descriptor);
    const int number = lockToWrite(descriptor);
    if (number == EWOULDBLOCK) {
        return fail(ErrorCode::ProjectLocked, {{"path", folder.string()}, {"owner", ownerText(descriptor)}});
    }
    if (number != 0) return tl::unexpected(projectFileError(file, number));
    lock.m_wasLeftOpen = readText(descriptor).ends_with(kOpenLine);
    lock.noteOpen(lock.m_wasLeftOpen);  // still so, if this opening fails
    return lock;
}

ProjectLock ProjectLock::takeToRead(const std::filesystem::path& folder)
{
    const std::filesystem::path file = folder / kLockFile;
    ProjectLock lock(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    if (lock.m_descriptor < 0) return lock;
    lock.m_isWriterActive = lockWithoutWaiting(lock.m_descriptor, LOCK_SH) == EWOULDBLOCK;
    lock.m_wasLeftOpen = !lock.m_isWriterActive && readText(lock.m_descriptor).ends_with(kOpenLine);
    return lock;
}

void ProjectLock::noteOpen(bool isOpen)
{
    writeText(m_descriptor, isOpen ? ownLine().append(kOpenLine) : ownLine());
}

}  // namespace preflab
