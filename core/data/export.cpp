// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines first; DuckDB makes the other kinds of them.
#include "core/data/export.h"

#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/data/duckdb_session.h"
#include "core/data/edited_rows.h"
#include "core/data/row_writer.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

constexpr std::uint64_t kRowsBetweenReports = 1024;

/// A row group is in memory while it is written, and DuckDB has little of that.
constexpr const char* kParquetOptions = "(FORMAT parquet, ROW_GROUP_SIZE 4096)";
constexpr const char* kCsvOptions = "(FORMAT csv, HEADER true, FORCE_QUOTE *)";

/// The columns that hold a row's texts, in TRL's order.
std::vector<std::string_view> textColumns(RowKind kind)
{
    if (kind == RowKind::Text) return {"text"};
    if (kind == RowKind::PromptCompletion) return {"prompt", "completion"};
    return {"prompt", "chosen", "rejected"};
}

/// What a pass over the rows learns about one column.
struct Column {
    std::string name;
    bool hasTexts = false;
    bool hasLists = false;
};

class Columns {
public:
    explicit Columns(RowKind kind)
    {
        for (const std::string_view name : textColumns(kind)) m_texts.push_back({std::string(name)});
    }

    bool isText(std::string_view name) const { return find(m_texts, name) != m_texts.end(); }

    void note(const Json& row)
    {
        for (const auto& [key, value] : row.items()) {
            if (const auto text = find(m_texts, key); text != m_texts.end()) {
                Column& column = m_texts[static_cast<std::size_t>(text - m_texts.begin())];
                column.hasTexts = column.hasTexts || value.is_string();
                column.hasLists = column.hasLists || value.is_array();
            } else if (find(m_others, key) == m_others.end()) {
                m_others.push_back({key});
            }
        }
    }

    const std::vector<Column>& texts() const { return m_texts; }
    const std::vector<Column>& others() const { return m_others; }

private:
    static std::vector<Column>::const_iterator find(const std::vector<Column>& columns, std::string_view name)
    {
        return std::find_if(columns.begin(), columns.end(), [name](const Column& column) { return column.name == name; });
    }

    std::vector<Column> m_texts;
    std::vector<Column> m_others;
};

/// Everything that the steps of an export share.
struct Export {
    const Dataset& data;
    const RowStates& states;
    const std::filesystem::path& target;
    const ExportOptions& options;
    const ProgressSink& progress;
    std::stop_token stop;
};

RowText joined(const RowText& prompt, const RowText& side)
{
    const auto* promptText = std::get_if<std::string>(&prompt);
    const auto* sideText = std::get_if<std::string>(&side);
    if (promptText != nullptr && sideText != nullptr) return *promptText + *sideText;
    const auto* promptMessages = std::get_if<Messages>(&prompt);
    const auto* sideMessages = std::get_if<Messages>(&side);
    if (promptMessages == nullptr || sideMessages == nullptr) return side;
    Messages all = *promptMessages;
    all.insert(all.end(), sideMessages->begin(), sideMessages->end());
    return all;
}

/// The row in the layout of the others: a prompt of its own among rows without one would make it unreadable.
Row inLayoutOf(const Dataset& data, Row row)
{
    const bool areSameKinds = row.prompt.index() == row.chosen.index() && row.prompt.index() == row.rejected.index();
    if (!data.isPromptImplicit || row.kind != RowKind::Preference || !areSameKinds) return row;
    row.chosen = joined(row.prompt, row.chosen);
    row.rejected = joined(row.prompt, row.rejected);
    row.prompt = {};
    return row;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

void addLabels(Json& row, const RowState* state)
{
    const bool isVoted = state != nullptr && state->vote;
    row["label"] = isVoted ? Json(voteId(state->vote->vote)) : Json("");
    row["strength"] = isVoted ? Json(voteStrengthId(state->vote->strength)) : Json("");
    row["reasons"] = isVoted ? joined(state->vote->reasons) : std::string();
    row["tags"] = state != nullptr ? joined(state->tags) : std::string();
    row["note"] = state != nullptr ? state->note : std::string();
}

Result<Json> rowJson(const Export& job, const RowSource& edited, std::uint32_t index, const Columns& columns)
{
    TRY(Row row, edited.row(index));
    TRY(const std::string raw, job.data.rows->rawRow(index));
    Json json = toJson(inLayoutOf(job.data, std::move(row)));
    // The row was loadable, so it parses; only what it has beyond the texts is taken from it.
    if (const auto parsed = parseJson(raw); parsed && parsed->is_object()) {
        for (const auto& [key, value] : parsed->items())
            if (!columns.isText(key)) json[key] = value;
    }
    return json;
}

tl::unexpected<Error> nothingLeft(const Export& job)
{
    return fail(ErrorCode::NoUsableRows, {{"path", job.data.path.string()},
                                          {"rows", countText(job.data.rows->size())},
                                          {"reason", "every row to be exported is left out by you"}});
}

/// Writes the rows as JSON lines.
Result<ExportSummary> writeLines(const Export& job, const std::filesystem::path& target, Columns& columns)
{
    TRY(RowWriter writer, RowWriter::create(target));
    const auto edited = makeEditedRows(job.data.rows, job.states);
    const auto& rows = job.options.rows;
    ExportSummary summary;
    const std::uint64_t total = rows ? rows->size() : job.data.rows->size();
    for (std::uint64_t i = 0; i < total; ++i) {
        if (i % kRowsBetweenReports == 0) {
            if (job.stop.stop_requested()) return fail(ErrorCode::Cancelled);
            if (job.progress) job.progress("Writing rows", i, total);
        }
        const std::uint32_t index = rows ? (*rows)[i] : static_cast<std::uint32_t>(i);
        const RowState* state = job.states.find(index);
        if (state != nullptr && state->isExcluded && !job.options.areExcludedWritten) {
            ++summary.leftOut;
            continue;
        }
        TRY(Json json, rowJson(job, *edited, index, columns));
        if (job.options.areLabelsWritten) addLabels(json, state);
        columns.note(json);
        TRY_VOID(writer.write(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"));
        ++summary.rows;
    }
    if (summary.rows == 0) return nothingLeft(job);
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
    for (const Column& column : columns.texts()) {
        const std::string name = sqlName(column.name);
        const bool areAllLists = column.hasLists && !column.hasTexts;
        if (!column.hasLists && !column.hasTexts) continue;
        if (!column.hasLists) query.add(column.name, "VARCHAR", name);
        else if (kind == ExportKind::Parquet && areAllLists)
            query.add(column.name, "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]", name);
        else query.add(column.name, "JSON", "CASE WHEN json_type(" + name + ") = 'ARRAY' THEN " + name +
                                                "::VARCHAR ELSE json_extract_string(" + name + ", '$') END");
    }
    for (const Column& column : columns.others())
        query.add(column.name, "JSON", "json_extract_string(" + sqlName(column.name) + ", '$')");
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

std::filesystem::path folderOf(const std::filesystem::path& target)
{
    return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

Result<> copyAs(const std::filesystem::path& made, const std::filesystem::path& lines, const Columns& columns,
                const Export& job)
{
    TRY(DuckDbSession session, DuckDbSession::open(lines, made));
    const CopyQuery query = copyQuery(columns, job.options.kind);
    const std::string format = job.options.kind == ExportKind::Csv ? kCsvOptions : kParquetOptions;
    const auto ignoreRows = [](std::span<const std::optional<std::string_view>>) { return Result<>(); };
    return session.stream("COPY (SELECT " + query.select + " FROM read_json(" + session.sourceLiteral() +
                              ", format = 'newline_delimited', columns = {" + query.columns + "})) TO " +
                              sqlText(made.string()) + " " + format,
                          ignoreRows, job.stop);
}

Result<> convert(const std::filesystem::path& lines, const Columns& columns, const Export& job)
{
    const TemporaryFile made(besides(job.target, ".part"));
    if (const auto copied = copyAs(made.path(), lines, columns, job); !copied) {
        const Error& error = copied.error();
        if (error.code == ErrorCode::Cancelled) return copied;
        // DuckDB says of a full disk what it says of any other.
        TRY_VOID(checkFreeSpace(folderOf(job.target), 0));
        return fail(ErrorCode::WriteFailed, {{"path", job.target.string()}, {"reason", error.arguments.at("reason")}},
                    error.detail);
    }
    return commitFile(made.path(), job.target);
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
    const Export job{data, states, target, options, progress, std::move(stop)};
    std::error_code error;
    if (std::filesystem::equivalent(target, data.path, error)) {
        return fail(ErrorCode::WriteFailed,
                    {{"path", target.string()}, {"reason", "it is the source itself, which is never changed"}});
    }
    TRY_VOID(checkFreeSpace(folderOf(target), data.sourceBytes));
    Columns columns(data.kind);
    if (options.kind == ExportKind::JsonLines) return writeLines(job, target, columns);
    const TemporaryFile lines(besides(target, ".rows"));
    TRY(const ExportSummary summary, writeLines(job, lines.path(), columns));
    if (progress) progress("Converting", 0, 0);
    TRY_VOID(convert(lines.path(), columns, job));
    return summary;
}

}  // namespace preflab
