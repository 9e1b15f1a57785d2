// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines first; DuckDB makes the other kinds of them.
#include "core/data/export/export.h"

#include "core/base/file_error.h"
#include "core/base/system.h"
#include "core/data/export/export_columns.h"
#include "core/data/export/export_labels.h"
#include "core/data/export/export_row.h"
#include "core/data/export/source_columns.h"
#include "core/data/ingest/duckdb_session.h"
#include "core/data/ingest/row_writer.h"
#include "core/data/ingest/source_kind.h"
#include "core/data/rows/record.h"

#include <functional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace preflab {
namespace {

constexpr std::uint64_t kRowsBetweenReports = 1024;

/// A row group is in memory while it is written, and DuckDB has little of that.
constexpr const char* kParquetOptions = "(FORMAT parquet, ROW_GROUP_SIZE 4096)";
constexpr const char* kCsvOptions = "(FORMAT csv, HEADER true, FORCE_QUOTE *)";

/// Everything that the steps of an export share.
struct Export {
    const Dataset& data;
    const RowStates& states;
    const std::filesystem::path& target;
    const ExportOptions& options;
    const ProgressSink& progress;
    std::stop_token stop;
};

/// A row that could be read when the file was opened cannot be read now.
tl::unexpected<Error> changedSince(const Export& job, const std::string& reason)
{
    return fail(ErrorCode::FileChanged, {{"path", job.data.path.string()}}, reason);
}

Result<Json> parsedRow(const Export& job, const std::string& raw)
{
    auto parsed = parseJson(raw);
    if (!parsed) return changedSince(job, parsed.error().reason);
    return *std::move(parsed);
}

/// Calls `visit` with each row that is to be written; the value is how many the user left out.
Result<std::uint64_t> forEachRow(const Export& job, std::string_view phase,
                                 const std::function<Result<>(std::uint32_t row, const RowState* state)>& visit)
{
    const auto& rows = job.options.rows;
    const std::uint64_t total = rows ? rows->size() : job.data.rows->size();
    std::uint64_t leftOut = 0;
    for (std::uint64_t i = 0; i < total; ++i) {
        if (i % kRowsBetweenReports == 0) {
            if (job.stop.stop_requested()) return fail(ErrorCode::Cancelled);
            if (job.progress) job.progress(phase, i, total);
        }
        const std::uint32_t row = rows ? (*rows)[i] : static_cast<std::uint32_t>(i);
        const RowState* state = job.states.find(row);
        if (state != nullptr && state->isExcluded && !job.options.areExcludedWritten)
            ++leftOut;
        else
            TRY_VOID(visit(row, state));
    }
    return leftOut;
}

/// False where a record holds its rows in another way than in columns: then a row is its texts alone.
bool hasColumns(const Export& job)
{
    return !job.data.rows->textColumns().empty();
}

/// All columns of the source, which any row may be the first to have.
Result<std::set<std::string>> columnNames(const Export& job)
{
    std::set<std::string> names;
    if (!hasColumns(job)) return names;
    const auto note = [&](std::uint32_t row, const RowState*) -> Result<> {
        TRY(const std::string raw, job.data.rows->rawRow(row));
        const auto fault = readRecord(raw, [&names](const RecordValue& record) {
            for (const RecordMember member : record.members()) names.emplace(member.key);
        });
        return fault ? changedSince(job, fault->reason) : Result<>();
    };
    TRY_VOID(forEachRow(job, "Looking at the columns", note));
    return names;
}

/// What columns are called in the export.
struct ExportNames {
    SourceColumns source;
    std::optional<LabelColumns> labels;  ///< that hide none of the source's columns
};

Result<ExportNames> exportNames(const Export& job)
{
    std::set<std::string> names;
    if (job.options.areLabelsWritten || !job.data.mapping.isPlain()) {
        TRY(names, columnNames(job));
    }
    ExportNames result{SourceColumns(job.data, names), std::nullopt};
    if (!job.options.areLabelsWritten) return result;
    std::set<std::string> written;
    for (const std::string_view text : textColumns(job.data.kind)) written.emplace(text);
    for (const std::string& name : names) written.insert(result.source.nameOf(name));
    UniqueNames taken;
    for (const std::string& name : written) taken.take(name);
    result.labels = LabelColumns(std::move(taken));
    return result;
}

/// One row as a line. What is as the source has it keeps its spelling, so that no number loses digits.
Result<std::string> lineOf(const Export& job, std::uint32_t row, const RowState* state, const SourceColumns& names,
                           ExportColumns& columns)
{
    TRY(const Row source, job.data.rows->row(row));
    std::string raw;
    Json original;
    if (hasColumns(job)) {
        TRY(raw, job.data.rows->rawRow(row));
        TRY(original, parsedRow(job, raw));
    }
    std::optional<Row> edited;
    if (state != nullptr && state->isEdited()) edited = rowNow(*state, source);
    const Json renamed = names.areAnyRenamed() ? names.named(original) : Json();
    Json json = exportedRow(job.data, source, names.areAnyRenamed() ? renamed : original, edited ? &*edited : nullptr);
    if (job.options.kind != ExportKind::JsonLines) columns.take(json);
    if (json == original) return raw;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Adds columns to an object that is not empty.
void append(std::string& line, const Json& columns)
{
    line.resize(line.rfind('}'));
    line += "," + columns.dump(-1, ' ', false, Json::error_handler_t::replace).substr(1);
}

tl::unexpected<Error> nothingLeft(const Export& job)
{
    return fail(ErrorCode::NoUsableRows, {{"path", job.data.path.string()},
                                          {"rows", countText(job.data.rows->size())},
                                          {"reason", "every row to be exported is left out by you"}});
}

/// Writes the rows as JSON lines.
Result<ExportSummary> writeLines(const Export& job, const std::filesystem::path& target, TargetLink link,
                                 ExportColumns& columns)
{
    TRY(const ExportNames names, exportNames(job));
    TRY(RowWriter writer, RowWriter::create(target, link));
    ExportSummary summary;
    const auto write = [&](std::uint32_t row, const RowState* state) -> Result<> {
        TRY(std::string line, lineOf(job, row, state, names.source, columns));
        if (names.labels) {
            Json said = names.labels->of(state);
            columns.take(said);
            append(line, said);
        }
        ++summary.rows;
        return writer.write(line + "\n");
    };
    TRY(summary.leftOut, forEachRow(job, "Writing rows", write));
    if (summary.rows == 0) return nothingLeft(job);
    TRY_VOID(writer.commit());
    return summary;
}

/// A file that goes when its owner does. What a kill has left under its name goes at once: DuckDB takes none over.
class TemporaryFile {
public:
    explicit TemporaryFile(std::filesystem::path path) : m_path(std::move(path)) { remove(); }
    ~TemporaryFile() { remove(); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    void remove() const
    {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }

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

Result<> copyAs(const std::filesystem::path& made, const std::filesystem::path& lines, const ExportColumns& columns,
                const Export& job)
{
    TRY(DuckDbSession session, DuckDbSession::open(lines, made));
    const std::string format = job.options.kind == ExportKind::Csv ? kCsvOptions : kParquetOptions;
    const auto ignoreRows = [](std::span<const std::optional<std::string_view>>) { return Result<>(); };
    return session.stream("COPY (" + columns.select(session.sourceLiteral(), job.options.kind) + ") TO " +
                              sqlText(made.string()) + " " + format,
                          ignoreRows, job.stop);
}

Result<> convert(const std::filesystem::path& lines, const ExportColumns& columns, const Export& job)
{
    const TemporaryFile made(besides(job.target, ".part"));
    if (const auto copied = copyAs(made.path(), lines, columns, job); !copied) {
        const Error& error = copied.error();
        if (error.code != ErrorCode::ConversionFailed) return copied;
        // DuckDB says of a full disk what it says of any other.
        TRY_VOID(checkFreeSpace(folderOf(job.target), job.data.sourceBytes));
        Error failed = writeError(job.target, error.arguments.at("fault"), "try another place, or the kind .jsonl");
        failed.detail = error.detail;
        return tl::unexpected(std::move(failed));
    }
    return commitFile(made.path(), job.target, job.options.link);
}

}  // namespace

std::optional<ExportKind> exportKindOf(const std::filesystem::path& target)
{
    const auto extension = lowerExtension(target);
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
        return tl::unexpected(
            writeError(target, "it is the source itself, which is never changed", "name another file"));
    }
    TRY_VOID(checkFreeSpace(folderOf(target), data.sourceBytes));
    ExportColumns columns(data.kind);
    if (options.kind == ExportKind::JsonLines) return writeLines(job, target, options.link, columns);
    const TemporaryFile lines(besides(target, ".rows"));
    TRY(const ExportSummary summary, writeLines(job, lines.path(), TargetLink::Replace, columns));
    if (progress) progress("Converting", 0, 0);
    TRY_VOID(convert(lines.path(), columns, job));
    return summary;
}

}  // namespace preflab
