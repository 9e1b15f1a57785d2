// SPDX-License-Identifier: GPL-3.0-or-later
// Reading single rows by their byte offset.
#include "core/data/ingest/row_file.h"

#include "core/data/ingest/layout_fields.h"
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

tl::expected<void, RowFault> rowsOf(const RecordValue& record, const MappedLayout& layout, RecordRows& rows,
                                    Hash128* hash)
{
    if (!record.isObject())
        return tl::unexpected(RowFault{0, "a " + std::string(kindName(record)) + ", expected an object"});
    auto read = layout.layout->read(record, layout.mapping, rows);
    if (!read) return tl::unexpected(RowFault{0, std::move(read).error()});
    if (rows.empty()) return tl::unexpected(RowFault{0, "nothing in it makes a row"});
    if (hash != nullptr) *hash = recordHash(record);
    return {};
}

/// More rows than this are not read at once.
constexpr std::uint64_t kReadBytes = std::uint64_t{1} << 20;

class JsonRows final : public RowSource {
public:
    JsonRows(FileReader file, RowIndex index, MappedLayout layout)
        : m_file(std::move(file)), m_index(std::move(index)), m_layout(std::move(layout)),
          m_textColumns(m_layout.textColumns())
    {
    }

    std::uint32_t size() const override { return m_index.size(); }
    std::uint64_t sourceNumber(std::uint32_t index) const override { return m_index.line(index) + 1; }
    std::span<const std::string> textColumns() const override { return m_textColumns; }

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
        if (start > 0 || !into.bytes.starts_with(kByteOrderMark)) return {};
        for (auto& range : into.ranges)
            if (range.begin == 0) range.begin = kByteOrderMark.size();
        return {};
    }

    Result<Row> row(std::uint32_t index) const override
    {
        TRY(const auto text, rawRow(index));
        RecordRows rows;
        const auto read = readRows(text, m_layout, rows);
        const auto found = std::ranges::find(rows, m_index.part(index), &RecordRow::part);
        // It could be read when the file was opened.
        if (!read || found == rows.end())
            return fail(ErrorCode::FileChanged, {{"path", m_file.path().string()}},
                        read ? std::string("the row is no longer in its line") : read.error().reason);
        return std::move(found->row);
    }

private:
    FileReader m_file;
    RowIndex m_index;
    MappedLayout m_layout;
    std::vector<std::string> m_textColumns;
};

}  // namespace

void RowIndex::add(std::uint64_t start, std::uint64_t end, std::uint64_t line, std::uint32_t part)
{
    if (line != m_nextLine || part != 0) m_jumps.push_back({size(), part, line, m_end});
    m_starts.push_back(start);
    m_end = end;
    m_nextLine = line + 1;
}

/// How many jumps there are up to and with the row.
std::size_t RowIndex::jumpsUpTo(std::uint32_t row) const
{
    const auto isLater = [](std::uint32_t wanted, const Jump& jump) { return wanted < jump.row; };
    return static_cast<std::size_t>(std::upper_bound(m_jumps.begin(), m_jumps.end(), row, isLater) - m_jumps.begin());
}

std::uint64_t RowIndex::end(std::uint32_t row) const
{
    if (row + 1 == size()) return m_end;
    const auto jump = jumpsUpTo(row);
    return jump < m_jumps.size() && m_jumps[jump].row == row + 1 ? m_jumps[jump].endBefore : m_starts[row + 1];
}

std::uint64_t RowIndex::line(std::uint32_t row) const
{
    const auto jumps = jumpsUpTo(row);
    return jumps == 0 ? row : m_jumps[jumps - 1].line + (row - m_jumps[jumps - 1].row);
}

std::uint32_t RowIndex::part(std::uint32_t row) const
{
    const auto jumps = jumpsUpTo(row);
    return jumps > 0 && m_jumps[jumps - 1].row == row ? m_jumps[jumps - 1].part : 0;
}

tl::expected<void, RowFault> readRows(std::string_view text, const MappedLayout& layout, RecordRows& rows,
                                      Hash128* hash)
{
    rows.clear();
    tl::expected<void, RowFault> read;
    const auto fault = readRecord(text, [&](const RecordValue& record) { read = rowsOf(record, layout, rows, hash); });
    if (fault) return tl::unexpected(RowFault{columnAt(text, fault->offset), fault->reason});
    return read;
}

std::shared_ptr<const RowSource> makeRowSource(FileReader file, RowIndex index, MappedLayout layout)
{
    return std::make_shared<JsonRows>(std::move(file), std::move(index), std::move(layout));
}

}  // namespace preflab
