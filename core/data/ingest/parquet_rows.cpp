// SPDX-License-Identifier: GPL-3.0-or-later
// One SELECT with one column: the row as a JSON object.
#include "core/data/ingest/parquet_rows.h"

#include "core/data/ingest/duckdb_session.h"
#include "core/data/ingest/strict_line.h"

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

/// Columns that hold texts or message lists.
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

}  // namespace

Result<> writeParquetRows(const std::filesystem::path& source, RowWriter& target, const ProgressSink& progress,
                          std::stop_token stop)
{
    TRY(auto session, DuckDbSession::open(source));
    TRY(const auto query, parquetQuery(session, stop));
    std::uint64_t rows = 0;
    const auto write = [&](Texts texts) -> Result<> {
        TRY_VOID(target.write(strictLine(texts[0].value_or("null")) + "\n"));
        if (++rows % 1000 == 0 && progress) progress("Converting rows", rows, 0);
        return {};
    };
    return session.stream(query, write, stop);
}

}  // namespace preflab
