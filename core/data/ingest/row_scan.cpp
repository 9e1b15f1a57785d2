// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of lines are checked on all processors and put together in their order.
#include "core/data/ingest/row_scan.h"

#include "core/data/ingest/line_blocks.h"

#include <algorithm>
#include <array>
#include <future>
#include <limits>
#include <thread>
#include <utility>
#include <variant>

namespace preflab {
namespace {

constexpr std::size_t kMaxThreads = 8;
constexpr const char* kOverlong = "longer than 64 MiB";

/// A finding whose line number counts from the beginning of its block.
struct LineFinding {
    Finding::Kind kind = Finding::Kind::BadRow;
    std::uint32_t line = 0;
    RowFault fault;
};

struct BlockScan {
    std::vector<std::uint64_t> starts;
    std::vector<std::uint32_t> skipped;
    std::vector<LineFinding> findings;
    RowIdentities identities;
    std::uint64_t end = 0;
};

bool isEmptySide(const RowText& side)
{
    if (const auto* text = std::get_if<std::string>(&side)) return text->empty();
    if (const auto* messages = std::get_if<Messages>(&side)) {
        return std::all_of(messages->begin(), messages->end(), [](const Message& m) { return m.content.empty(); });
    }
    return true;
}

void checkSides(const Row& row, std::uint32_t line, std::vector<LineFinding>& findings)
{
    const bool hasTwo = row.kind == RowKind::Preference;
    const bool isFirstEmpty = isEmptySide(row.chosen);
    const bool isSecondEmpty = hasTwo && isEmptySide(row.rejected);
    if (isFirstEmpty || isSecondEmpty) {
        std::string which = isFirstEmpty && isSecondEmpty ? "both answers are" : "an answer is";
        if (hasTwo && isFirstEmpty != isSecondEmpty) which = isFirstEmpty ? "\"chosen\" is" : "\"rejected\" is";
        findings.push_back({Finding::Kind::EmptySide, line, {0, which + " empty"}});
    }
    if (hasTwo && row.chosen == row.rejected) {
        findings.push_back({Finding::Kind::IdenticalSides, line, {0, "\"chosen\" and \"rejected\" are the same"}});
    }
}

void scanLine(std::string_view text, const FormatInfo& format, std::uint32_t line, BlockScan& scan)
{
    if (isBlank(text)) {
        scan.skipped.push_back(line);
        return;
    }
    Hash128 record;
    const auto row =
        text.size() > kMaxRecordBytes ? tl::unexpected(RowFault{0, kOverlong}) : readRow(text, format, &record);
    if (row) {
        scan.identities.add(record, textsHash(*row));
        return checkSides(*row, line, scan.findings);
    }
    scan.skipped.push_back(line);
    scan.findings.push_back({Finding::Kind::BadRow, line, row.error()});
}

BlockScan scanBlock(const LineBlock& block, const FormatInfo& format)
{
    BlockScan scan;
    scan.end = block.offset + block.bytes;
    if (block.isOverlong) {
        scan.starts.push_back(block.offset);
        scan.skipped.push_back(0);
        scan.findings.push_back({Finding::Kind::BadRow, 0, {0, kOverlong}});
        return scan;
    }
    std::size_t at = 0;
    while (at < block.text.size()) {
        const auto lineEnd = std::min(block.text.find('\n', at), block.text.size() - 1) + 1;
        auto text = withoutLineEnd(std::string_view(block.text).substr(at, lineEnd - at));
        if (block.offset + at == 0 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
        const auto line = static_cast<std::uint32_t>(scan.starts.size());
        scan.starts.push_back(block.offset + at);
        scanLine(text, format, line, scan);
        at = lineEnd;
    }
    return scan;
}

std::string reasonText(std::uint64_t number, const RowFault& fault, RowNaming naming)
{
    if (naming == RowNaming::Record) return "record " + std::to_string(number) + ": " + fault.reason;
    const auto column = fault.column == 0 ? "" : ", column " + std::to_string(fault.column);
    return "line " + std::to_string(number) + column + ": " + fault.reason;
}

/// Appends a block's result; false if there are too many lines to number.
bool merge(const BlockScan& block, RowNaming naming, RowScan& into)
{
    const auto before = into.index.starts.size();
    if (before + block.starts.size() >= std::numeric_limits<std::uint32_t>::max()) return false;
    into.index.starts.insert(into.index.starts.end(), block.starts.begin(), block.starts.end());
    into.index.end = block.end;
    into.identities.append(block.identities);
    for (const auto line : block.skipped) into.index.skipped.push_back(static_cast<std::uint32_t>(before + line));
    for (const auto& found : block.findings) {
        const std::uint64_t number = before + found.line + 1;
        into.findings.add({found.kind, number, reasonText(number, found.fault, naming)});
    }
    return true;
}

/// Reads the next blocks, one per thread, and starts checking each as soon as it is read.
Result<std::vector<std::future<BlockScan>>> startRound(LineBlocks& blocks, const FormatInfo& format,
                                                       std::size_t threads)
{
    std::vector<std::future<BlockScan>> round;
    while (round.size() < threads) {
        TRY(auto block, blocks.next());
        if (!block) break;
        round.push_back(
            std::async(std::launch::async, [owned = *std::move(block), &format] { return scanBlock(owned, format); }));
    }
    return round;
}

}  // namespace

Result<RowScan> scanRows(const FileReader& file, const FormatInfo& format, RowNaming naming,
                         const ProgressSink& progress, std::stop_token stop)
{
    const std::size_t threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
    LineBlocks blocks(file);
    RowScan scan;
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(auto round, startRound(blocks, format, threads));
        if (round.empty()) break;
        for (auto& block : round) {
            if (merge(block.get(), naming, scan)) continue;
            return fail(ErrorCode::DataInvalid, {{"path", file.path().string()},
                                                 {"where", "line 4294967295"},
                                                 {"reason", "there are more lines than can be numbered"}});
        }
        if (progress) progress("Checking rows", scan.index.end, file.size());
    }
    scan.identities.shrinkToFit();
    return scan;
}

}  // namespace preflab
