// SPDX-License-Identifier: GPL-3.0-or-later
// Records are checked against the header and against their own lines: a stray quote makes one record of several.
#include "core/data/ingest/csv_rows.h"

#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/data/ingest/csv_header.h"
#include "core/data/ingest/csv_splitter.h"
#include "core/data/ingest/line_blocks.h"
#include "core/data/ingest/strict_line.h"
#include "core/data/rows/record.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
/// So many records tell whether the answers are message lists.
constexpr int kProfiledRecords = 20;
/// Columns that may hold message lists.
constexpr std::array<std::string_view, 4> kTextColumns{"prompt", "chosen", "rejected", "completion"};

/// Gets each record after the header; false ends the reading.
using RecordSink = std::function<Result<bool>(const CsvRecord& record)>;

Result<> readRecords(const FileReader& source, char delimiter, const ProgressSink& progress,
                     const std::stop_token& stop, const RecordSink& sink)
{
    CsvSplitter splitter(delimiter, kMaxRecordBytes);
    std::string buffer(kReadBytes, '\0');
    std::uint64_t offset = 0;
    bool isHeader = true;
    const auto give = [&]() -> Result<bool> {
        if (std::exchange(isHeader, false)) return true;
        return sink(splitter.record());
    };
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(const auto count, source.readSome(offset, std::as_writable_bytes(std::span(buffer))));
        auto text = std::string_view(buffer).substr(0, count);
        if (offset == 0 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
        offset += count;
        while (splitter.read(text)) {
            TRY(const bool isMore, give());
            if (!isMore) return {};
        }
        if (progress) progress("Converting rows", offset, source.size());
        if (count > 0) continue;
        if (splitter.finish()) TRY_VOID(give());
        return {};
    }
}

/// True if the record was likely made by a quotation mark that found its partner in another record: each of its lines
/// has the delimiters of a whole record, and there are too many lines and columns for that to be chance.
bool looksLikeSeveral(const CsvRecord& record, std::size_t columns)
{
    constexpr std::uint64_t kDelimitersByChance = 2;
    const bool isEachLineARecord = record.haveLinesEqualDelimiters && record.delimitersALine == columns - 1;
    return isEachLineARecord && (record.lines - 1) * record.delimitersALine > kDelimitersByChance;
}

/// Why the record is no row; empty if it is one.
std::string faultOf(const CsvRecord& record, std::size_t columns)
{
    if (!record.fault.empty()) return record.fault;
    if (looksLikeSeveral(record, columns))
        return "each of these lines looks like a record of its own, so the quotation mark opened in line " +
               std::to_string(record.quoteLine) + " seems to stand there by mistake";
    if (record.fields.size() != columns)
        return std::to_string(record.fields.size()) + (record.fields.size() == 1 ? " field" : " fields") +
               ", but the header has " + std::to_string(columns);
    for (const auto& field : record.fields)
        if (const auto at = firstInvalidUtf8(field))
            return std::string(isSurrogate(field.substr(*at)) ? kHalfCharacter : "bytes that are no UTF-8");
    return {};
}

bool isMessageList(std::string_view text)
{
    if (!text.starts_with('[')) return false;
    bool isFound = false;
    readRecord(text, [&isFound](const RecordValue& list) {
        for (const RecordValue first : list.values()) {
            isFound = first.find("role") && first.find("content");
            break;
        }
    });
    return isFound;
}

/// True if the answers of the first records are message lists, which CSV can only hold as JSON.
Result<bool> holdsMessages(const FileReader& source, const CsvHeader& header, const std::stop_token& stop)
{
    bool isFound = false;
    int records = 0;
    const auto look = [&](const CsvRecord& record) -> Result<bool> {
        if (!faultOf(record, header.names.size()).empty()) return true;
        for (std::size_t i = 0; i < header.names.size() && !isFound; ++i) {
            const bool isAnswer = header.names[i] == "chosen" || header.names[i] == "completion";
            isFound = isAnswer && isMessageList(record.fields[i]);
        }
        return !isFound && ++records < kProfiledRecords;
    };
    TRY_VOID(readRecords(source, header.delimiter, {}, stop, look));
    return isFound;
}

/// Makes JSON objects of records.
class ObjectWriter {
public:
    ObjectWriter(const CsvHeader& header, bool hasMessages)
    {
        for (const auto& name : header.names) {
            const bool isText = std::find(kTextColumns.begin(), kTextColumns.end(), name) != kTextColumns.end();
            m_mayBeList.push_back(hasMessages && isText);
            m_keys.push_back((m_keys.empty() ? "{" : ",") + jsonText(name) + ":");
        }
    }

    std::string object(const CsvRecord& record) const
    {
        std::string text;
        for (std::size_t i = 0; i < m_keys.size(); ++i) {
            const auto& field = record.fields[i];
            text += m_keys[i];
            text += m_mayBeList[i] && isList(field) ? strictLine(field) : jsonText(field);
        }
        return text + "}\n";
    }

private:
    static std::string jsonText(const std::string& text)
    {
        return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    static bool isList(std::string_view text)
    {
        if (!text.starts_with('[')) return false;
        bool isFound = false;
        readRecord(text, [&isFound](const RecordValue& value) { isFound = value.isList(); });
        return isFound;
    }

    std::vector<std::string> m_keys;
    std::vector<bool> m_mayBeList;
};

Finding leftOut(const CsvRecord& record, std::string fault)
{
    const auto last = record.line + record.lines - 1;
    const auto where = record.lines == 1 ? "line " + std::to_string(record.line)
                                         : "lines " + std::to_string(record.line) + " to " + std::to_string(last);
    return {Finding::Kind::BadRow, record.line, where + ": " + std::move(fault), record.lines};
}

}  // namespace

Result<Findings> writeCsvRows(const FileReader& source, RowWriter& target, const ProgressSink& progress,
                              std::stop_token stop)
{
    TRY(const auto head, readHead(source));
    const auto header = parseCsvHeader(head, source.size() <= kHeadBytes);
    if (!header) {
        return fail(ErrorCode::ConversionFailed,
                    {{"path", source.path().string()},
                     {"reason", "its first line is not a header of column names; put the names of the columns there"}});
    }
    TRY(const bool hasMessages, holdsMessages(source, *header, stop));
    const ObjectWriter writer(*header, hasMessages);
    Findings findings;
    if (!header->repeated.empty()) findings.add({Finding::Kind::SameColumns, 0, header->repeated});
    std::uint64_t line = 1;
    const auto write = [&](const CsvRecord& record) -> Result<bool> {
        if (record.isBlank()) return true;
        if (auto fault = faultOf(record, header->names.size()); !fault.empty()) {
            findings.add(leftOut(record, std::move(fault)));
            return true;
        }
        for (; line < record.line; ++line) TRY_VOID(target.write("\n"));
        ++line;
        TRY_VOID(target.write(writer.object(record)));
        return true;
    };
    TRY_VOID(readRecords(source, header->delimiter, progress, stop, write));
    return findings;
}

}  // namespace preflab
