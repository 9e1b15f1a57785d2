// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli export: a dataset with a project's edits, as a file of its own.
#include "app/cli/command.h"
#include "app/cli/map_flag.h"
#include "app/cli/open_project.h"
#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "app/cli/summary_text.h"
#include "core/base/system.h"
#include "core/data/export/export.h"
#include "core/data/journal/edited_dataset.h"
#include "core/project/path_text.h"

#include <array>
#include <utility>

namespace preflab {

namespace {

constexpr std::array<std::pair<const char*, ExportKind>, 3> kFormats{
    {{"jsonl", ExportKind::JsonLines}, {"csv", ExportKind::Csv}, {"parquet", ExportKind::Parquet}}};

std::vector<Flag> flags(const Backend&)
{
    return {projectFlag(),
            mapFlag(),
            {.name = "output", .valueName = "FILE", .help = "Where to write; else the project's exports folder."},
            {.name = "format",
             .valueName = "KIND",
             .help = "jsonl, csv or parquet; else what FILE's name says.",
             .defaultText = "jsonl"},
            {.name = "labels", .help = "Add the columns label, strength, reasons, tags and note."},
            {.name = "with-excluded", .help = "Write rows that were left out, too."}};
}

/// The kind named by --format, or by the name of the file.
Result<ExportKind> kindOf(const Arguments& arguments)
{
    const auto byName = exportKindOf(arguments.text("output"));
    if (!arguments.has("format") && arguments.has("output") && !byName)
        return fail(ErrorCode::WrongUse, {{"reason", "the name " + arguments.text("output") +
                                                         " says no kind of file; add --format jsonl, csv or parquet"}});
    if (!arguments.has("format")) return byName.value_or(ExportKind::JsonLines);
    TRY(const std::string format, arguments.choice("format", "jsonl", {"jsonl", "csv", "parquet"}));
    for (const auto& [name, kind] : kFormats)
        if (format == name) return kind;
    return ExportKind::JsonLines;
}

/// "pairs.jsonl.gz" -> "pairs".
std::string bareName(const std::filesystem::path& path)
{
    const std::filesystem::path stem = path.stem();
    return (path.extension() == ".gz" ? stem.stem() : stem).string();
}

std::filesystem::path targetOf(const Arguments& arguments, const std::filesystem::path& project,
                               const std::filesystem::path& data, ExportKind kind)
{
    if (arguments.has("output")) return absolutePath(arguments.text("output"));
    std::string extension;
    for (const auto& [name, known] : kFormats)
        if (known == kind) extension = name;
    return project / "exports" / (bareName(data) + "." + extension);
}

// Every row of the file is accounted for. Keys of messages and other columns are all written.
void printExport(Console& console, const std::filesystem::path& target, const ExportSummary& summary,
                 const EditedDataset& data)
{
    RowCounts counts{.used = summary.rows, .excluded = summary.leftOut};
    counts.unreadable = data.findings.badRows;
    counts.doubts = doubtsOf(data.data, data.findings);
    for (const std::string& note : data.notes()) console.line(note);
    printDoubts(console, counts);
    console.line("written to " + target.string() + ": " + countText(summary.rows) +
                 (summary.rows == 1 ? " row" : " rows") + leftOutEnding(counts));
    Json event{{"event", "export"},
               {"path", pathText(target)},
               {"rows", summary.rows},
               {"rows_gone", data.edits.absentRows},
               {"of_other_columns", data.edits.otherColumnsRows},
               {"journal_position", data.edits.position}};
    addLeftOut(event, counts);
    console.event(event);
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TRY(const ExportKind kind, kindOf(arguments));
    const std::filesystem::path path = absolutePath(arguments.operands().front());
    const std::filesystem::path folder = projectFolder(arguments);
    const std::filesystem::path target = targetOf(arguments, folder, path, kind);
    std::vector<Reading> readings = projectReadings(folder);
    readings.push_back({path, "the data"});
    TRY_VOID(checkTarget(target, readings));
    TRY(const std::unique_ptr<Project> project, openProjectToRead(context, arguments));
    TRY(const ColumnMapping columns, mappingFrom(arguments, project.get(), path));
    TRY(const EditedDataset data, openEditedDataset(path, {{}, columns}, editsIn(*project),
                                                    context.console.progressSink(), context.stops.polite()));
    const bool isNamed = arguments.has("output");
    const ExportOptions options{kind, {}, arguments.has("labels"), arguments.has("with-excluded"), linkOf(isNamed)};
    TRY(const ExportSummary summary,
        namingOutput(isNamed, exportRows(data.data, data.edits.states, target, options, context.console.progressSink(),
                                         context.stops.polite())));
    context.console.clearProgress();
    printExport(context.console, target, summary, data);
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_export;
const CommandInfo command_cli_export{
    .id = "export",
    .summary = "Write a dataset with a project's edits as JSONL, CSV or Parquet.",
    .description = "Rows as they are after the edits, swaps and exclusions made in the project, in TRL's columns. The "
                   "file itself is never changed. Other columns are kept; CSV and Parquet hold them as texts.",
    .examples = {"preflab-cli export pairs.jsonl --project my-project --output better.parquet",
                 "preflab-cli export pairs.jsonl --format csv --labels"},
    .operands = {{.name = "DATA", .help = "The dataset, as it was opened in the project."}},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
