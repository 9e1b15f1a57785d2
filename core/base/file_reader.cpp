// SPDX-License-Identifier: GPL-3.0-or-later
// pread into owned memory, with everything that can go wrong on the way.
#include "core/base/file_reader.h"

#include "core/base/file_error.h"
#include "core/base/system.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace preflab {
namespace {

FileIdentity identityOf(const struct stat& status)
{
    FileIdentity identity;
    identity.device = status.st_dev;
    identity.inode = status.st_ino;
    identity.size = static_cast<std::uint64_t>(status.st_size);
    identity.modifiedNanoseconds =
        static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    return identity;
}

}  // namespace

std::optional<FileIdentity> identityOfFile(const std::filesystem::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return identityOf(status);
}

FileReader::FileReader(std::filesystem::path path, int descriptor, FileIdentity identity)
    : m_path(std::move(path)), m_descriptor(descriptor), m_identity(identity)
{
}

FileReader::FileReader(FileReader&& other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_identity(other.m_identity)
{
}

FileReader& FileReader::operator=(FileReader&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_identity, other.m_identity);
    return *this;
}

FileReader::~FileReader()
{
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<FileReader> FileReader::open(const std::filesystem::path& path)
{
    // Without O_NONBLOCK the opening of a FIFO would wait for a writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        const int number = errno;
        if (number == ENOENT || number == ENOTDIR) return fail(ErrorCode::FileNotFound, {{"path", path.string()}});
        if (number == ENXIO) return fail(ErrorCode::NotARegularFile, {{"path", path.string()}});
        return tl::unexpected(readError(path, number));
    }
    FileReader reader(path, descriptor, {});
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
        return tl::unexpected(readError(path, errno));
    }
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::NotARegularFile, {{"path", path.string()}});
    reader.m_identity = identityOf(status);
    return reader;
}

Result<std::size_t> FileReader::readSome(std::uint64_t offset, std::span<std::byte> into) const
{
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t count =
            ::pread(m_descriptor, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            return tl::unexpected(readError(m_path, errno));
        }
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

Result<> FileReader::read(std::uint64_t offset, std::span<std::byte> into) const
{
    TRY(const auto count, readSome(offset, into));
    if (count < into.size()) {
        return tl::unexpected(readError(m_path, "it ends at byte " + std::to_string(offset + count),
                                        "check that it is complete and that nothing else writes to it"));
    }
    return {};
}

Result<> FileReader::checkContentUnchanged() const
{
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0 || identityOf(status) != m_identity) {
        return fail(ErrorCode::FileChanged, {{"path", m_path.string()}});
    }
    return {};
}

Result<> FileReader::checkUnchanged() const
{
    TRY_VOID(checkContentUnchanged());
    struct stat status {};
    // A program that saves by renaming leaves our descriptor on the old file: ask for the name as well.
    if (::stat(m_path.c_str(), &status) != 0 || identityOf(status) != m_identity) {
        return fail(ErrorCode::FileChanged, {{"path", m_path.string()}});
    }
    return {};
}

Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t maxBytes)
{
    TRY(const auto file, FileReader::open(path));
    if (file.size() > maxBytes) {
        return tl::unexpected(readError(path,
                                        "it is " + byteText(file.size()) + " long, more than the " +
                                            byteText(maxBytes) + " such a file may have",
                                        "check that it is the file you mean"));
    }
    std::string text(file.size(), '\0');
    TRY_VOID(file.read(0, std::as_writable_bytes(std::span(text.data(), text.size()))));
    TRY_VOID(file.checkUnchanged());
    return text;
}

}  // namespace preflab
