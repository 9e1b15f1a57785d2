// SPDX-License-Identifier: GPL-3.0-or-later
// Rows are small and many: one system call for each would be most of the time.
#include "core/data/ingest/row_writer.h"

namespace preflab {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

}  // namespace

Result<RowWriter> RowWriter::create(const std::filesystem::path& target, TargetLink link)
{
    TRY(auto file, AtomicFile::create(target, link));
    return RowWriter(std::move(file));
}

Result<> RowWriter::flush()
{
    m_hash.add(m_buffer);
    TRY_VOID(m_file.write(m_buffer));
    m_buffer.clear();
    return {};
}

Result<> RowWriter::write(std::string_view bytes)
{
    m_bytes += bytes.size();
    m_buffer.append(bytes);
    if (m_buffer.size() < kBufferBytes) return {};
    return flush();
}

Result<> RowWriter::commit()
{
    TRY_VOID(flush());
    return m_file.commit();
}

}  // namespace preflab
