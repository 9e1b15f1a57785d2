// SPDX-License-Identifier: GPL-3.0-or-later
// Reading single rows by their byte offset.
#include "core/data/ingest/row_file.h"

#include "core/data/ingest/format_fields.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/rows/record.h"
#include "core/data/rows/row_text.h"

#include <algorithm>
#include <span>
#include <utility>

namespace preflab {
namespace {

/// Column of the character that ends at byte `end`, counted in code points as editors do.
std::uint64_t columnAt(std::string_view text, std::size_t end)
{
    return std::max<std::uint64_t>(1, characterCount(text.substr(0, end)));
}

tl::expected<Row, RowFault> rowOf(const RecordValue& record, const FormatInfo& format, Hash128* hash)
{
    if (!record.isObject())
        return tl::unexpected(RowFault{0, "a " + std::string(kindName(record)) + ", expected an object"});
    auto row = format.read(record);
    if (!row) return tl::unexpected(RowFault{0, std::move(row).error()});
    if (hash != nullptr) *hash = recordHash(record);
    return *std::move(row);
}

/// More rows than this are not read at once.
constexpr std::uint64_t kReadBytes = std::uint64_t{1} << 20;

class JsonRows final : public RowSource {
public:
    JsonRows(FileReader file, RowIndex index, const FormatInfo& format)
        : m_file(std::move(file)), m_index(std::move(index)), m_format(format)
    {
    }

    std::uint32_t size() const override { return m_index.size(); }
    std::uint64_t sourceNumber(std::uint32_t index) const override { return m_index.line(index) + 1; }

    Result<std::string> rawRow(std::uint32_t index) const override
    {
        const auto start = m_index.start(index);
        std::string text(m_index.end(index) - start, '\0');
        TRY_VOID(m_file.read(start, std::as_writable_bytes(std::span(text))));
        // Only the open file counts: a cache may be emptied while its files are in use.
        TRY_VOID(m_file.checkContentUnchanged());
        if (start == 0 && text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
        text.resize(withoutLineEnd(text).size());
        return text;
    }

    Result<> rawRows(std::uint32_t first, std::uint32_t count, RawRows& into) const override
    {
        const auto start = m_index.start(first);
        std::uint64_t end = start;
        into.ranges.clear();
        for (std::uint32_t row = first; row < first + count; ++row) {
            const auto rowEnd = m_index.end(row);
            if (row > first && rowEnd - start > kReadBytes) break;
            into.ranges.push_back({m_index.start(row) - start, rowEnd - start});
            end = rowEnd;
        }
        into.bytes.resize(end - start);
        TRY_VOID(m_file.read(start, std::as_writable_bytes(std::span(into.bytes))));
        TRY_VOID(m_file.checkContentUnchanged());
        for (auto& range : into.ranges) {
            const auto text = std::string_view(into.bytes).substr(range.begin, range.size());
            range.end = range.begin + withoutLineEnd(text).size();
        }
        if (start == 0 && into.bytes.starts_with(kByteOrderMark)) into.ranges[0].begin = kByteOrderMark.size();
        return {};
    }

    Result<Row> row(std::uint32_t index) const override
    {
        TRY(const auto text, rawRow(index));
        auto row = readRow(text, m_format);
        // It could be read when the file was opened.
        if (!row) return fail(ErrorCode::FileChanged, {{"path", m_file.path().string()}}, row.error().reason);
        return *std::move(row);
    }

private:
    FileReader m_file;
    RowIndex m_index;
    const FormatInfo& m_format;
};

}  // namespace

void RowIndex::add(std::uint64_t start, std::uint64_t end, std::uint64_t line)
{
    if (line != m_nextLine) m_gaps.push_back({size(), line, m_end});
    m_starts.push_back(start);
    m_end = end;
    m_nextLine = line + 1;
}

/// How many gaps are before the row or right before it.
std::size_t RowIndex::gapsUpTo(std::uint32_t row) const
{
    const auto isLater = [](std::uint32_t wanted, const Gap& gap) { return wanted < gap.row; };
    return static_cast<std::size_t>(std::upper_bound(m_gaps.begin(), m_gaps.end(), row, isLater) - m_gaps.begin());
}

std::uint64_t RowIndex::end(std::uint32_t row) const
{
    if (row + 1 == size()) return m_end;
    const auto gap = gapsUpTo(row);
    return gap < m_gaps.size() && m_gaps[gap].row == row + 1 ? m_gaps[gap].endBefore : m_starts[row + 1];
}

std::uint64_t RowIndex::line(std::uint32_t row) const
{
    const auto gaps = gapsUpTo(row);
    return gaps == 0 ? row : m_gaps[gaps - 1].line + (row - m_gaps[gaps - 1].row);
}

tl::expected<Row, RowFault> readRow(std::string_view text, const FormatInfo& format, Hash128* hash)
{
    tl::expected<Row, RowFault> row;
    const auto fault = readRecord(text, [&](const RecordValue& record) { row = rowOf(record, format, hash); });
    if (fault) return tl::unexpected(RowFault{columnAt(text, fault->offset), fault->reason});
    return row;
}

std::shared_ptr<const RowSource> makeRowSource(FileReader file, RowIndex index, const FormatInfo& format)
{
    return std::make_shared<JsonRows>(std::move(file), std::move(index), format);
}

}  // namespace preflab
