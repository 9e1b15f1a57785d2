// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines first; DuckDB makes the other kinds of them.
#include "core/data/export.h"

#include "core/base/atomic_file.h"
#include "core/data/duckdb_session.h"
#include "core/data/edited_rows.h"
#include "core/data/row_writer.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

constexpr std::array<std::string_view, 3> kTextColumns{"prompt", "chosen", "rejected"};

/// What a pass over the rows learns about their columns.
struct Columns {
    bool hasPrompt = false;
    bool hasRejected = false;
    bool isConversational = false;
    std::vector<std::string> others;

    void note(const Json& row)
    {
        for (const auto& [key, value] : row.items()) {
            if (key == "prompt") hasPrompt = true;
            else if (key == "rejected") hasRejected = true;
            else if (key != "chosen" && std::find(others.begin(), others.end(), key) == others.end()) others.push_back(key);
            if (key == "chosen" && value.is_array()) isConversational = true;
        }
    }
};

void addLabels(Json& row, const RowState* state)
{
    row["label"] = state != nullptr && state->vote ? Json(voteId(state->vote->vote)) : Json("");
    std::string tags;
    for (const std::string& tag : state != nullptr ? state->tags : std::vector<std::string>())
        tags += (tags.empty() ? "" : ", ") + tag;
    row["tags"] = tags;
    row["note"] = state != nullptr ? state->note : std::string();
}

Result<Json> rowJson(const RowSource& source, const RowSource& edited, std::uint32_t index)
{
    TRY(const Row row, edited.row(index));
    TRY(const std::string raw, source.rawRow(index));
    Json json = toJson(row);
    // The row was loadable, so it parses; only what it has beyond the texts is taken from it.
    if (const auto parsed = parseJson(raw); parsed && parsed->is_object()) {
        for (const auto& [key, value] : parsed->items())
            if (std::find(kTextColumns.begin(), kTextColumns.end(), key) == kTextColumns.end()) json[key] = value;
    }
    return json;
}

/// Writes the rows as JSON lines.
Result<ExportSummary> writeLines(const Dataset& data, const RowStates& states, const ExportOptions& options,
                                 const std::filesystem::path& target, Columns& columns, const ProgressSink& progress,
                                 const std::stop_token& stop)
{
    TRY(RowWriter writer, RowWriter::create(target));
    const auto edited = makeEditedRows(data.rows, states);
    ExportSummary summary;
    const std::uint64_t total = options.rows ? options.rows->size() : data.rows->size();
    for (std::uint64_t i = 0; i < total; ++i) {
        if (i % 1024 == 0) {
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            if (progress) progress("Writing rows", i, total);
        }
        const std::uint32_t index = options.rows ? (*options.rows)[i] : static_cast<std::uint32_t>(i);
        const RowState* state = states.find(index);
        if (state != nullptr && state->isExcluded) {
            ++summary.leftOut;
            continue;
        }
        TRY(Json json, rowJson(*data.rows, *edited, index));
        if (options.areLabelsWritten) addLabels(json, state);
        columns.note(json);
        TRY_VOID(writer.write(json.dump() + "\n"));
        ++summary.rows;
    }
    TRY_VOID(writer.commit());
    return summary;
}

/// "prompt: VARCHAR, ..." for read_json, and what to select of it.
struct CopyQuery {
    std::string columns;
    std::string select;

    void add(std::string_view name, const std::string& type, const std::string& expression)
    {
        columns += (columns.empty() ? "" : ", ") + sqlText(name) + ": " + sqlText(type);
        select += (select.empty() ? "" : ", ") + expression + " AS " + sqlName(name);
    }
};

CopyQuery copyQuery(const Columns& columns, ExportKind kind)
{
    CopyQuery query;
    const bool isCsv = kind == ExportKind::Csv;
    const std::string list = "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]";
    for (const std::string_view name : kTextColumns) {
        if ((name == "prompt" && !columns.hasPrompt) || (name == "rejected" && !columns.hasRejected)) continue;
        const std::string column = sqlName(name);
        if (!columns.isConversational) query.add(name, "VARCHAR", column);
        else if (isCsv) query.add(name, "JSON", column + "::VARCHAR");
        else query.add(name, list, column);
    }
    for (const std::string& name : columns.others) query.add(name, "JSON", "json_extract_string(" + sqlName(name) + ", '$')");
    return query;
}

/// A file that goes when its owner does.
class TemporaryFile {
public:
    explicit TemporaryFile(std::filesystem::path path) : m_path(std::move(path)) {}
    ~TemporaryFile()
    {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

std::filesystem::path besides(const std::filesystem::path& target, const char* suffix)
{
    return target.parent_path() / ("." + target.filename().string() + suffix);
}

Result<> convert(const std::filesystem::path& lines, const std::filesystem::path& target, const Columns& columns,
                 ExportKind kind, const std::stop_token& stop)
{
    const TemporaryFile made(besides(target, ".part"));
    {
        TRY(DuckDbSession session, DuckDbSession::open(lines, made.path()));
        const CopyQuery query = copyQuery(columns, kind);
        const std::string format = kind == ExportKind::Csv ? "(FORMAT csv, HEADER true, FORCE_QUOTE *)" : "(FORMAT parquet)";
        const auto ignoreRows = [](std::span<const std::optional<std::string_view>>) { return Result<>(); };
        TRY_VOID(session.stream("COPY (SELECT " + query.select + " FROM read_json(" + session.sourceLiteral() +
                                    ", format = 'newline_delimited', columns = {" + query.columns +
                                    "})) TO " + sqlText(made.path().string()) + " " + format,
                                ignoreRows, stop));
    }
    std::error_code error;
    std::filesystem::rename(made.path(), target, error);
    if (error) return fail(ErrorCode::WriteFailed, {{"path", target.string()}, {"reason", error.message()}});
    return {};
}

}  // namespace

std::optional<ExportKind> exportKindOf(const std::filesystem::path& target)
{
    const std::string extension = target.extension().string();
    if (extension == ".jsonl" || extension == ".json") return ExportKind::JsonLines;
    if (extension == ".csv") return ExportKind::Csv;
    if (extension == ".parquet") return ExportKind::Parquet;
    return std::nullopt;
}

Result<ExportSummary> exportRows(const Dataset& data, const RowStates& states, const std::filesystem::path& target,
                                 const ExportOptions& options, const ProgressSink& progress, std::stop_token stop)
{
    std::error_code error;
    if (std::filesystem::equivalent(target, data.path, error)) {
        return fail(ErrorCode::WriteFailed, {{"path", target.string()}, {"reason", "it is the source itself, which is never changed"}});
    }
    TRY_VOID(checkFreeSpace(target.has_parent_path() ? target.parent_path() : std::filesystem::path("."), data.sourceBytes));
    Columns columns;
    if (options.kind == ExportKind::JsonLines) return writeLines(data, states, options, target, columns, progress, stop);
    const TemporaryFile lines(besides(target, ".rows"));
    TRY(const ExportSummary summary, writeLines(data, states, options, lines.path(), columns, progress, stop));
    if (progress) progress("Converting", 0, 0);
    TRY_VOID(convert(lines.path(), target, columns, options.kind, stop));
    return summary;
}

}  // namespace preflab
