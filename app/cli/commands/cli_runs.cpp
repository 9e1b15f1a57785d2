// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli runs: what a project holds.
#include "app/cli/command.h"
#include "app/cli/nearest_word.h"
#include "app/cli/open_project.h"
#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "app/cli/run_printer.h"
#include "app/cli/summary_text.h"
#include "core/base/atomic_file.h"
#include "core/base/shell_word.h"
#include "core/base/system.h"
#include "core/model/model_place.h"
#include "core/project/path_text.h"
#include "core/runs/comparison.h"
#include "core/runs/curves_csv.h"
#include "core/runs/run_store.h"
#include "core/runs/trained_model.h"

#include <algorithm>

namespace preflab {

namespace {

std::vector<Flag> flags(const Backend&)
{
    return {projectFlag(),
            {.name = "output", .valueName = "FILE", .help = "export: write there instead of to the terminal."}};
}

Json recordJson(const RunRecord& record)
{
    return {{"run", record.id},
            {"name", record.name},
            {"method", record.method},
            {"created", record.created},
            {"outcome", record.outcome},
            {"reason", record.reason},
            {"steps", record.steps},
            {"data_hash", record.dataHash},
            {"model_hash", record.modelHash},
            {"spec", record.areSettingsReadable ? specJson(record.spec) : Json()}};
}

Result<int> list(Context& context, RunStore& store, const Project& project)
{
    TRY(const std::vector<RunRecord> records, store.list());
    TextTable table({"run", "method", "outcome", "steps", "started", "name"});
    for (const RunRecord& record : records) {
        context.console.event(recordJson(record));
        table.add(
            {record.id, record.method, record.outcome, std::to_string(record.steps), record.created, record.name});
    }
    if (table.isEmpty())
        context.console.line("The project " + project.folder().string() + " has no runs yet.");
    else
        context.console.text(table.text());
    return 0;
}

void printSettings(Console& console, const RunSpec& spec)
{
    console.line("model       " + modelName(spec.model) + " in " + spec.model.string());
    console.line("data        " + spec.data.string());
    if (!spec.columns.isPlain()) console.line("columns     " + mappingText(spec.columns));
    if (spec.evalData) {
        const std::string columns = mappingText(spec.heldOutColumns());
        console.line("held out    " + spec.evalData->string() + (columns.empty() ? "" : "; " + columns));
    }
    std::string settings;
    for (const auto& [key, value] : spec.params) settings += (settings.empty() ? "" : ", ") + key + " " + toText(value);
    console.line("settings    " + (settings.empty() ? "all at their defaults" : settings));
}

void printRecord(Console& console, const RunRecord& record, const Project& project)
{
    console.line("run         " + record.id + (record.name.empty() ? "" : " \"" + record.name + "\""));
    console.line("method      " + record.method);
    if (record.areSettingsReadable)
        printSettings(console, record.spec);
    else
        console.line("settings    cannot be read");
    console.line("started     " + record.created);
    console.line("outcome     " + record.outcome + " after " +
                 amountText(static_cast<std::uint64_t>(record.steps), "step"));
    if (!record.reason.empty()) console.line("reason      " + record.reason);
    std::error_code failure;
    const std::filesystem::path folder = project.runFolder(record.id);
    const bool isThere = std::filesystem::is_directory(folder, failure);
    console.line("stored in   " + folder.string() + (isThere ? "" : ", which is no longer there"));
    if (const auto model = trainedModelOf(folder)) console.line("weights     " + model->folder.string());
    console.line();
}

Result<int> show(Context& context, RunStore& store, const Project& project, const std::string& name)
{
    TRY(const RunRecord record, store.find(name));
    TRY(const std::shared_ptr<RunLog> log, store.load(record.id));
    context.console.event(recordJson(record));
    printRecord(context.console, record, project);
    RunCursor cursor;
    RunPrinter(context.console, record.id, record.steps).print(log->news(cursor), *log);
    if (const auto heldOut = heldOutBeforeAfter(*log); !heldOut.empty()) {
        context.console.text("\n" + heldOutTable(heldOut).text());
        context.console.line(heldOutLegend(heldOut));
    }
    printFindings(context.console, record.id, *log, methodOrUnknown(context.backend, record.method));
    printSamples(context.console, *log);
    return 0;
}

// One object a step, with the numbers of the CSV's row.
void sendCurves(Console& console, const RunLog& log)
{
    for (const CurvePoint& point : curvePoints(log)) {
        Json metrics = Json::object();
        for (const auto& [name, value] : point.values) metrics[name] = numberJson(value);
        console.event({{"step", point.step}, {"seconds", point.seconds}, {"metrics", metrics}});
    }
}

Result<int> exportCurves(Context& context, RunStore& store, const std::string& name, const Arguments& arguments)
{
    TRY(const RunRecord record, store.find(name));
    if (arguments.has("output")) TRY_VOID(checkTarget(absolutePath(arguments.text("output")), sourcesOf(record)));
    TRY(const std::shared_ptr<RunLog> log, store.load(record.id));
    if (!arguments.has("output")) {
        if (context.console.isJson())
            sendCurves(context.console, *log);
        else
            context.console.raw(curvesCsv(*log));
        return 0;
    }
    const std::filesystem::path target = absolutePath(arguments.text("output"));
    TRY_VOID(writeFileAtomically(target, curvesCsv(*log)));
    context.console.line("written to " + target.string());
    context.console.event({{"event", "outcome"}, {"run", record.id}, {"output", pathText(target)}});
    return 0;
}

// The command that lists the runs of the project that was named.
std::string listCommand(const Arguments& arguments)
{
    return "preflab-cli runs list" +
           (arguments.has("project") ? " --project " + shellWord(arguments.text("project")) : std::string());
}

Result<int> run(Context& context, const Arguments& arguments)
{
    const std::vector<std::string>& words = arguments.operands();
    const std::string action = words.empty() ? "list" : words.front();
    const std::vector<std::string> actions{"list", "show", "export"};
    if (std::find(actions.begin(), actions.end(), action) == actions.end()) {
        const std::string nearest = nearestWord(action, actions);
        return fail(ErrorCode::WrongUse, {{"reason", "runs can list, show or export, not \"" + action + "\"" +
                                                         (nearest.empty() ? "" : " (did you mean " + nearest + "?)")}});
    }
    if ((action == "list") != (words.size() < 2))
        return fail(ErrorCode::WrongUse,
                    {{"reason", action == "list" ? "runs list takes no run"
                                                 : "runs " + action + " needs a RUN (its id, number or name, which \"" +
                                                       listCommand(arguments) + "\" shows)"}});
    if (arguments.has("output") && action != "export")
        return fail(ErrorCode::WrongUse, {{"reason", "--output belongs to runs export"}});
    if (arguments.has("output"))
        TRY_VOID(checkTarget(absolutePath(arguments.text("output")), projectReadings(projectFolder(arguments))));
    TRY(const std::unique_ptr<Project> project, openProjectToRead(context, arguments));
    RunStore store(*project);
    if (action == "list") return list(context, store, *project);
    if (action == "show") return show(context, store, *project, words[1]);
    return exportCurves(context, store, words[1], arguments);
}

}  // namespace

extern const CommandInfo command_cli_runs;
const CommandInfo command_cli_runs{
    .id = "runs",
    .summary = "List, show or export the runs of a project.",
    .description = "`list` is a table of all runs; `show RUN` prints settings, steps, held-out numbers and answers of "
                   "one; `export RUN` writes its curves as CSV, with --json to the terminal as one object a step. RUN "
                   "is an id, a number, a name or the beginning of an id, looked for in this order.",
    .examples = {"preflab-cli runs list", "preflab-cli runs show 3 --project my-project",
                 "preflab-cli runs export 3 --output curves.csv"},
    .operands = {{.name = "ACTION", .help = "list (the default), show or export.", .least = 0},
                 {.name = "RUN", .help = "The run to show or export.", .least = 0}},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
