// SPDX-License-Identifier: GPL-3.0-or-later
// Reading untrusted files: regular files only, pread into owned memory, never mmap (a truncated map is SIGBUS).
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace preflab {

/// Identity of a file at one moment; equal before and after a load means nobody changed it meanwhile.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modifiedNanoseconds = 0;
    bool operator==(const FileIdentity&) const = default;
};

/// What the name leads to now; nothing if that is not there.
std::optional<FileIdentity> identityOfFile(const std::filesystem::path& path);

/// An open regular file. Thread-safe for concurrent reads; movable, not copyable.
class FileReader {
public:
    /// FileNotFound, NotARegularFile (folder, FIFO, device), SystemLimit or FileUnreadable.
    static Result<FileReader> open(const std::filesystem::path& path);
    FileReader(FileReader&& other) noexcept;
    FileReader& operator=(FileReader&& other) noexcept;
    ~FileReader();

    const std::filesystem::path& path() const { return m_path; }
    std::uint64_t size() const { return m_identity.size; }
    const FileIdentity& identity() const { return m_identity; }

    /// Fills `into` from `offset`; a short file is FileUnreadable, retries EINTR and short reads.
    Result<> read(std::uint64_t offset, std::span<std::byte> into) const;
    /// Reads up to `into.size()` bytes; returns how many (0 at the end).
    Result<std::size_t> readSome(std::uint64_t offset, std::span<std::byte> into) const;
    /// FileChanged when the open file's size or time differ from those at `open`; its name may be gone.
    Result<> checkContentUnchanged() const;
    /// FileChanged when size, time or inode differ from those at `open`.
    Result<> checkUnchanged() const;

private:
    FileReader(std::filesystem::path path, int descriptor, FileIdentity identity);
    std::filesystem::path m_path;
    int m_descriptor = -1;
    FileIdentity m_identity;
};

/// The whole text of a file of at most `maxBytes`.
Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t maxBytes);

}  // namespace preflab
