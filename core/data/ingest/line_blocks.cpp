// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks are cut at the last line end that has been read; the rest begins the next block.
#include "core/data/ingest/line_blocks.h"

#include <span>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

}  // namespace

Result<std::string> readHead(const FileReader& file)
{
    std::string head(kHeadBytes, '\0');
    TRY(const auto count, file.readSome(0, std::as_writable_bytes(std::span(head))));
    head.resize(count);
    if (head.starts_with(kByteOrderMark)) head.erase(0, kByteOrderMark.size());
    return head;
}

/// Appends up to kReadBytes of the file; returns how many.
Result<std::size_t> LineBlocks::append(std::string& text)
{
    const auto before = text.size();
    text.resize(before + kReadBytes);
    TRY(const auto count, m_file.readSome(m_readTo, std::as_writable_bytes(std::span(text).subspan(before))));
    text.resize(before + count);
    m_hash.add(std::string_view(text).substr(before));
    m_readTo += count;
    return count;
}

Result<std::optional<LineBlock>> LineBlocks::next()
{
    LineBlock block;
    block.offset = m_readTo - m_rest.size();
    block.text = std::exchange(m_rest, {});
    while (true) {
        const auto before = block.text.size();
        TRY(const auto count, append(block.text));
        if (count == 0) break;
        const auto lineEnd = std::string_view(block.text).substr(before).rfind('\n');
        if (lineEnd != std::string_view::npos) {
            m_rest = block.text.substr(before + lineEnd + 1);
            block.text.resize(before + lineEnd + 1);
            break;
        }
        if (block.text.size() > kMaxRecordBytes) {
            m_rest = std::move(block.text);
            return skipOverlong();
        }
    }
    block.bytes = block.text.size();
    if (block.bytes == 0) return std::optional<LineBlock>();
    return std::optional(std::move(block));
}

Result<std::optional<LineBlock>> LineBlocks::skipOverlong()
{
    LineBlock block;
    block.isOverlong = true;
    block.offset = m_readTo - m_rest.size();
    while (true) {
        std::string piece;
        TRY(const auto count, append(piece));
        const auto lineEnd = piece.find('\n');
        if (count > 0 && lineEnd == std::string::npos) continue;
        m_rest = lineEnd == std::string::npos ? std::string() : piece.substr(lineEnd + 1);
        block.bytes = m_readTo - m_rest.size() - block.offset;
        return std::optional(std::move(block));
    }
}

std::string_view withoutLineEnd(std::string_view line)
{
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace preflab
