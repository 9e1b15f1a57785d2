// SPDX-License-Identifier: GPL-3.0-or-later
// One SELECT per kind of file, with one column: the row as a JSON object.
#include "core/data/ingest/convert.h"

#include "core/base/json.h"
#include "core/data/ingest/csv_header.h"
#include "core/data/ingest/duckdb_session.h"
#include "core/data/ingest/line_blocks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {
namespace {

/// Columns that may hold message lists.
constexpr std::array<std::string_view, 4> kTextColumns{"prompt", "chosen", "rejected", "completion"};

using Texts = std::span<const std::optional<std::string_view>>;

/// `to_json({'a': ..., 'b': ...})` over column expressions.
class ObjectExpression {
public:
    void add(std::string_view name, const std::string& expression)
    {
        m_fields += (m_fields.empty() ? "" : ", ") + sqlText(name) + ": " + expression;
    }
    std::string select(const std::string& from) const
    {
        return "SELECT to_json({" + m_fields + "})::VARCHAR FROM " + from;
    }

private:
    std::string m_fields;
};

std::string parquetTable(const DuckDbSession& session, const std::string& isBinaryText)
{
    return "read_parquet(" + session.sourceLiteral() + ", binary_as_string = " + isBinaryText +
           ", hive_partitioning = false, union_by_name = false)";
}

struct ParquetColumn {
    std::string name;
    bool isBinary = false;  ///< holds bytes that the file does not call text, at any depth
};

Result<std::vector<ParquetColumn>> parquetColumns(DuckDbSession& session, const std::stop_token& stop)
{
    std::vector<ParquetColumn> columns;
    const auto add = [&columns](Texts texts) -> Result<> {
        const bool isBinary = texts[1].value_or("").find("BLOB") != std::string_view::npos;
        columns.push_back({std::string(texts[0].value_or("")), isBinary});
        return {};
    };
    TRY_VOID(session.stream("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " +
                                parquetTable(session, "false") + ")",
                            add, stop));
    return columns;
}

/// True if no value of the column holds bytes that are no text. Old writers do not say which columns are texts.
Result<bool> isReadableAsText(DuckDbSession& session, const std::string& name, const std::stop_token& stop)
{
    const auto ignore = [](Texts) { return Result<>(); };
    const auto read = session.stream(
        "SELECT max(hash(" + sqlName(name) + "))::VARCHAR FROM " + parquetTable(session, "true"), ignore, stop);
    if (read) return true;
    const bool isEncoding = read.error().code == ErrorCode::ConversionFailed &&
                            read.error().detail.find("string encoding") != std::string::npos;
    if (!isEncoding) return tl::unexpected(read.error());
    return false;
}

Result<std::string> parquetQuery(DuckDbSession& session, const std::stop_token& stop)
{
    TRY(const auto columns, parquetColumns(session, stop));
    ObjectExpression object;
    for (const auto& [name, isBinary] : columns) {
        // A text to train on that cannot be read is an error; an image beside it is not.
        const bool isNeeded = name == "text" || std::ranges::find(kTextColumns, name) != kTextColumns.end();
        bool isReadable = true;
        if (isBinary && !isNeeded) {
            TRY(isReadable, isReadableAsText(session, name, stop));
        }
        object.add(name, isReadable ? sqlName(name) : "NULL");
    }
    return object.select(parquetTable(session, "true"));
}

/// "read_csv(...)" with every column as text.
std::string csvTable(const DuckDbSession& session, const CsvHeader& header, const std::string& option)
{
    std::string columns;
    for (const auto& name : header.names) columns += (columns.empty() ? "" : ", ") + sqlText(name) + ": 'VARCHAR'";
    return "read_csv(" + session.sourceLiteral() + ", auto_detect = false, header = true, columns = {" + columns +
           "}, delim = " + sqlText({&header.delimiter, 1}) +
           ", quote = '\"', escape = '\"', compression = 'none', hive_partitioning = false, " + option + ")";
}

bool isMessageList(std::string_view text)
{
    if (!text.starts_with('[')) return false;
    const auto json = parseJson(text);
    return json && json->is_array() && !json->empty() && json->front().is_object() && json->front().contains("role") &&
           json->front().contains("content");
}

/// True if the answers of the first records are message lists, which CSV can only hold as JSON.
Result<bool> holdsMessages(DuckDbSession& session, const CsvHeader& header, const std::stop_token& stop)
{
    bool isFound = false;
    const auto look = [&isFound](Texts texts) -> Result<> {
        isFound = isFound || isMessageList(texts[0].value_or(""));
        return {};
    };
    for (const std::string_view answer : {"chosen", "completion"}) {
        if (std::find(header.names.begin(), header.names.end(), answer) == header.names.end()) continue;
        TRY_VOID(session.stream("SELECT " + sqlName(answer) + " FROM " +
                                    csvTable(session, header, "ignore_errors = true") + " LIMIT 20",
                                look, stop));
    }
    return isFound;
}

Result<std::string> csvQuery(const std::filesystem::path& source, DuckDbSession& session, const std::stop_token& stop)
{
    TRY(const auto file, FileReader::open(source));
    TRY(const auto head, readHead(file));
    const auto header = parseCsvHeader(head, file.size() <= kHeadBytes);
    if (!header) {
        return fail(ErrorCode::ConversionFailed,
                    {{"path", source.string()}, {"reason", "its first line is not a header of column names"}});
    }
    TRY(const bool hasMessages, holdsMessages(session, *header, stop));
    ObjectExpression object;
    for (const auto& name : header->names) {
        // An empty field is an empty text.
        const std::string text = "coalesce(" + sqlName(name) + ", '')";
        const bool isText = std::find(kTextColumns.begin(), kTextColumns.end(), name) != kTextColumns.end();
        const std::string list = "CASE WHEN json_valid(" + text + ") AND json_type(" + text + ") = 'ARRAY' THEN " +
                                 text + "::JSON ELSE to_json(" + text + ") END";
        object.add(name, hasMessages && isText ? list : text);
    }
    return object.select(csvTable(session, *header, "store_rejects = true"));
}

std::string arrayQuery(const DuckDbSession& session)
{
    return "SELECT json::VARCHAR FROM read_json_objects(" + session.sourceLiteral() +
           ", format = 'array', compression = 'uncompressed', hive_partitioning = false)";
}

/// Length of the text that begins with the quote at `start`, both quotes included.
std::size_t quotedLength(std::string_view json, std::size_t start)
{
    std::size_t end = start + 1;
    while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
    return std::min(end + 1, json.size()) - start;
}

/// Length of the number at `start` that JSON has no word for; 0 if there is none.
std::size_t oddNumberLength(std::string_view json, std::size_t start)
{
    for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
        const auto end = start + word.size();
        if (json.substr(start, word.size()) != word) continue;
        if (end == json.size() || std::string_view(",]} \t\r\n").find(json[end]) != std::string_view::npos)
            return word.size();
    }
    return 0;
}

/// A row as strict JSON on one line. Elements of an array may run over several lines: a line end and what follows it to
/// the left margin lie between values (in a text they are escaped), where a space says the same. NaN, which missing
/// scores often are, and the infinities are null.
std::string strictLine(std::string_view json)
{
    std::string line;
    line.reserve(json.size());
    for (std::size_t i = 0; i < json.size();) {
        if (json[i] == '\n' || json[i] == '\r') {
            line += ' ';
            i = std::min(json.find_first_not_of(" \t\r\n", i), json.size());
            continue;
        }
        const auto odd = oddNumberLength(json, i);
        const auto length = odd > 0 ? odd : json[i] == '"' ? quotedLength(json, i) : 1;
        line += odd > 0 ? "null" : json.substr(i, length);
        i += length;
    }
    return line;
}

/// The CSV records that DuckDB left out, each with its line and reason.
Result<Findings> rejectedRecords(DuckDbSession& session, const std::stop_token& stop)
{
    Findings findings;
    const auto add = [&findings](Texts texts) -> Result<> {
        std::uint64_t line = 0;
        for (const char c : texts[0].value_or("")) line = line * 10 + static_cast<std::uint64_t>(c - '0');
        std::string reason(texts[1].value_or("not a record"));
        while (reason.ends_with('.') || reason.ends_with(' ')) reason.pop_back();
        findings.add({Finding::Kind::BadRow, line, "line " + std::to_string(line) + ": " + reason});
        return {};
    };
    TRY_VOID(session.stream("SELECT line::VARCHAR, min(error_message) FROM reject_errors GROUP BY line ORDER BY line",
                            add, stop));
    return findings;
}

Result<std::string> queryFor(SourceKind kind, const std::filesystem::path& source, DuckDbSession& session,
                             const std::stop_token& stop)
{
    switch (kind) {
    case SourceKind::Parquet:
        return parquetQuery(session, stop);
    case SourceKind::Csv:
        return csvQuery(source, session, stop);
    case SourceKind::JsonArray:
        return arrayQuery(session);
    default:
        return fail(ErrorCode::UnknownDataFormat, {{"path", source.string()}});
    }
}

}  // namespace

Result<Findings> convertToRows(const std::filesystem::path& source, SourceKind kind, RowWriter& target,
                               const ProgressSink& progress, std::stop_token stop)
{
    TRY(auto session, DuckDbSession::open(source));
    TRY(const auto query, queryFor(kind, source, session, stop));
    std::uint64_t rows = 0;
    const auto write = [&](Texts texts) -> Result<> {
        TRY_VOID(target.write(strictLine(texts[0].value_or("null")) + "\n"));
        if (++rows % 1000 == 0 && progress) progress("Converting rows", rows, 0);
        return {};
    };
    TRY_VOID(session.stream(query, write, stop));
    if (kind != SourceKind::Csv) return Findings();
    return rejectedRecords(session, stop);
}

}  // namespace preflab
