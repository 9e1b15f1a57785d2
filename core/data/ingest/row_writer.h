// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a file of the cache: buffered, hashed while it is written, visible only when complete.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace preflab {

/// A file being written. WriteFailed from any call leaves nothing behind.
class RowWriter {
public:
    static Result<RowWriter> create(const std::filesystem::path& target, TargetLink link = TargetLink::Follow);
    Result<> write(std::string_view bytes);
    /// Flushes, syncs and puts the file in its place.
    Result<> commit();

    std::uint64_t bytes() const { return m_bytes; }
    /// Hash of everything written; after `commit`.
    std::string hash() const { return m_hash.hex(); }

private:
    explicit RowWriter(AtomicFile file) : m_file(std::move(file)) {}
    Result<> flush();

    AtomicFile m_file;
    ContentHash m_hash;
    std::string m_buffer;
    std::uint64_t m_bytes = 0;
};

}  // namespace preflab
