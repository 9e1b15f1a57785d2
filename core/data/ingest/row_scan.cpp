// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of lines are checked on all processors and put together in their order.
#include "core/data/ingest/row_scan.h"

#include "core/base/json.h"
#include "core/base/parallel.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/ingest/row_doubts.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <set>
#include <utility>
#include <variant>

namespace preflab {
namespace {

/// A round is so many blocks, or fewer if they are long: so much text is read together with what it takes to parse it.
constexpr std::uint64_t kRoundBlocks = 64;
constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;  ///< as LineBlocks reads them
constexpr std::uint64_t kRoundBytes = std::uint64_t{64} << 20;
constexpr const char* kOverlong = "longer than 64 MiB";

/// A finding whose line number counts from the beginning of its block.
struct LineFinding {
    Finding::Kind kind = Finding::Kind::BadRow;
    std::uint64_t line = 0;
    RowFault fault;
};

/// What was found in a block; its rows' lines count from its beginning.
struct BlockScan {
    RowIndex rows;
    std::uint64_t lines = 0;
    std::vector<LineFinding> findings;
    Findings keys;             ///< only what its rows' messages have beside role and content
    RowIdentities identities;  ///< of its rows
    std::uint64_t end = 0;     ///< of the block
};

/// Counts the keys of a row's messages that no rendering shows, each once a row.
void countMessageKeys(const Row& row, Findings& into)
{
    std::set<std::string> keys;
    for (const RowText* side : {&row.prompt, &row.chosen, &row.rejected}) {
        const auto* messages = std::get_if<Messages>(side);
        if (messages == nullptr) continue;
        for (const Message& message : *messages) {
            if (message.otherKeys.empty()) continue;
            const auto others = parseJson(message.otherKeys);
            if (!others) continue;
            for (const auto& [key, value] : others->items())
                if (key != "content") keys.insert(key);
        }
    }
    for (const std::string& key : keys) into.addMessageKey(key);
}

/// `rows` is where the line's rows are read into; it keeps its room from line to line.
void scanLine(std::string_view text, std::uint64_t start, std::uint64_t end, const ScanRequest& request,
              RecordRows& rows, BlockScan& scan)
{
    const auto line = scan.lines;
    Hash128 record;
    const auto read = text.size() > kMaxRecordBytes ? tl::unexpected(RowFault{0, kOverlong})
                                                    : readRows(text, request.layout, rows, &record);
    if (!read) return scan.findings.push_back({Finding::Kind::BadRow, line, read.error()});
    for (const auto& [row, part] : rows) {
        scan.rows.add(start, end, line, part);
        scan.identities.add(record, textsHash(row), part);
        countMessageKeys(row, scan.keys);
        for (RowDoubt& doubt : doubtsOf(row, request.split))
            scan.findings.push_back({doubt.kind, line, {0, std::move(doubt.reason)}});
    }
}

BlockScan scanBlock(const LineBlock& block, const ScanRequest& request)
{
    BlockScan scan;
    RecordRows rows;
    scan.end = block.offset + block.bytes;
    if (block.isOverlong) {
        scan.lines = 1;
        scan.findings.push_back({Finding::Kind::BadRow, 0, {0, kOverlong}});
        return scan;
    }
    std::size_t at = 0;
    while (at < block.text.size()) {
        const auto lineEnd = std::min(block.text.find('\n', at), block.text.size() - 1) + 1;
        auto text = withoutLineEnd(std::string_view(block.text).substr(at, lineEnd - at));
        if (block.offset + at == 0 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
        if (!isBlank(text)) scanLine(text, block.offset + at, block.offset + lineEnd, request, rows, scan);
        ++scan.lines;
        at = lineEnd;
    }
    return scan;
}

std::string reasonText(std::uint64_t number, const RowFault& fault, RowNaming naming)
{
    // A row without a line of its own has no column in the user's file.
    const bool hasColumn = naming == RowNaming::Line && fault.column > 0;
    const auto column = hasColumn ? ", column " + std::to_string(fault.column) : "";
    return placeText(naming, number) + column + ": " + fault.reason;
}

/// The scan of all blocks so far.
struct WholeScan {
    RowScan result;
    std::uint64_t lines = 0;
    std::uint64_t end = 0;
};

/// Appends a block's result; false if there are too many rows to number.
bool merge(const BlockScan& block, RowNaming naming, WholeScan& into)
{
    auto& index = into.result.index;
    if (std::uint64_t{index.size()} + block.rows.size() >= std::numeric_limits<std::uint32_t>::max()) return false;
    for (std::uint32_t row = 0; row < block.rows.size(); ++row)
        index.add(block.rows.start(row), block.rows.end(row), into.lines + block.rows.line(row), block.rows.part(row));
    into.result.identities.append(block.identities);
    for (const auto& found : block.findings) {
        const std::uint64_t number = into.lines + found.line + 1;
        into.result.findings.add({found.kind, number, reasonText(number, found.fault, naming)});
    }
    into.result.findings.append(block.keys);
    into.lines += block.lines;
    into.end = block.end;
    return true;
}

/// Reads and checks the next blocks of a file on all processors.
class Round {
public:
    /// `bytes` is the size of the file: a small one needs no threads.
    Round(LineBlocks& blocks, std::uint64_t bytes, const ScanRequest& request)
        : m_blocks(blocks), m_most(std::min(kRoundBlocks, bytes / kBlockBytes + 1)), m_request(request)
    {
    }

    /// The value holds the blocks in their order; none at the end of the file.
    Result<std::vector<BlockScan>> run(const std::stop_token& stop)
    {
        m_scans.clear();
        m_bytes = 0;
        TRY_VOID(forEachBlock(m_most, 1, stop, [this](std::size_t, std::size_t) { return scanNext(); }));
        return std::move(m_scans);
    }

private:
    Result<> scanNext()
    {
        std::unique_lock lock(m_mutex);
        if (m_bytes >= kRoundBytes) return {};
        TRY(const auto block, m_blocks.next());
        if (!block) return {};
        m_bytes += block->text.size();
        const std::size_t place = m_scans.size();
        m_scans.emplace_back();
        lock.unlock();
        BlockScan scan = scanBlock(*block, m_request);
        lock.lock();
        m_scans[place] = std::move(scan);
        return {};
    }

    LineBlocks& m_blocks;
    std::size_t m_most;  ///< blocks of a round
    const ScanRequest& m_request;
    std::mutex m_mutex;  ///< protects m_blocks and what follows
    std::vector<BlockScan> m_scans;
    std::uint64_t m_bytes = 0;  ///< of text that was read
};

}  // namespace

Result<RowScan> scanRows(const FileReader& file, const ScanRequest& request, const ProgressSink& progress,
                         std::stop_token stop)
{
    LineBlocks blocks(file);
    Round round(blocks, file.size(), request);
    WholeScan scan;
    while (true) {
        TRY(const auto scans, round.run(stop));
        if (scans.empty()) break;
        for (const BlockScan& block : scans) {
            if (merge(block, request.naming, scan)) continue;
            return fail(ErrorCode::DataInvalid, {{"path", file.path().string()},
                                                 {"where", placeText(request.naming, scan.lines + 1)},
                                                 {"reason", "there are more rows than can be numbered"}});
        }
        if (progress) progress("Checking rows", scan.end, file.size());
    }
    scan.result.contentHash = blocks.hash();
    return std::move(scan.result);
}

}  // namespace preflab
