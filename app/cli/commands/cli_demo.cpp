// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli demo: DPO and ORPO on the model and pairs that come with PrefLab, side by side.
#include "app/cli/command.h"
#include "app/cli/comparison_text.h"
#include "app/cli/open_project.h"
#include "app/cli/run_flags.h"
#include "app/cli/run_report.h"
#include "app/cli/run_session.h"
#include "app/cli/text_table.h"
#include "core/base/resources.h"
#include "core/base/system.h"
#include "core/project/path_text.h"
#include "core/runs/demo_plan.h"
#include "core/runs/sample_answers.h"

namespace preflab {

namespace {

constexpr std::int64_t kQuickSteps = 10;

std::vector<Flag> flags(const Backend&)
{
    std::vector<Flag> all{
        {.name = "project",
         .valueName = "DIR",
         .help = "Project folder for the demo's runs; else one in your data "
                 "folder."},
        {.name = "quick",
         .help = "Only " + std::to_string(kQuickSteps) +
                 " steps a run: shows how it goes, not what "
                 "it can do."},
        {.name = "max-steps", .valueName = "N", .help = "Steps of each run, instead of the demo's own."},
    };
    for (Flag& flag : trainingFlags({"threads"})) all.push_back(std::move(flag));
    return all;
}

Result<std::vector<RunSpec>> ordersFrom(const Context& context, const Arguments& arguments)
{
    if (arguments.has("quick") && arguments.has("max-steps"))
        return wrongUse("--quick and --max-steps exclude each other");
    TRY(const std::filesystem::path resources, resourceFolder(context.executable));
    TRY(std::vector<RunSpec> specs, readDemoPlan(resources / "demo"));
    TRY(const std::int64_t steps, arguments.integer("max-steps", kQuickSteps, 1, 1'000'000));
    TRY(const TrainingOptions options, trainingOptionsFrom(arguments, "demo"));
    for (RunSpec& spec : specs) {
        if (arguments.has("quick") || arguments.has("max-steps")) spec.params["max_steps"] = steps;
        if (arguments.has("threads")) spec.params["threads"] = options.threads;
    }
    return specs;
}

Result<std::unique_ptr<Project>> openDemoProject(Context& context, const Arguments& arguments)
{
    return arguments.has("project") ? openProject(context, arguments) : openProject(context, dataFolder() / "demo");
}

std::string answerIn(const RunResult& result, const std::string& prompt, const char* when)
{
    return answerTo(samplesOf(result.run->log()), prompt, when).value_or("");
}

void printAnswers(Console& console, const std::vector<RunSpec>& specs, const std::vector<RunResult>& results)
{
    for (const std::string& prompt : specs.front().samplePrompts) {
        console.line();
        console.text(indented("asked", prompt));
        console.text(indented("before", answerIn(results.front(), prompt, "before")));
        for (std::size_t i = 0; i < results.size(); ++i)
            console.text(indented("after " + specs[i].method, answerIn(results[i], prompt, "after")));
    }
}

Result<std::vector<RunResult>> runAll(Context& context, Project& project, const std::vector<RunSpec>& specs)
{
    RunQueue queue(context.backend, project);
    std::vector<RunResult> results;
    for (const RunSpec& spec : specs) {
        TRY(OpenedData opened, announceRun(context, spec, &project));
        TRY(RunResult result, executeRun(context, project, queue, spec, std::move(opened)));
        TRY_VOID(outcomeResult(result.outcome));
        results.push_back(std::move(result));
        context.console.line();
    }
    return results;
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TRY(const std::vector<RunSpec> specs, ordersFrom(context, arguments));
    TRY(const std::unique_ptr<Project> project, openDemoProject(context, arguments));
    TRY(const std::vector<RunResult> results, runAll(context, *project, specs));
    std::vector<std::string> ids;
    for (const RunResult& result : results) ids.push_back(result.id);

    context.console.line("Same model, pairs, seed, row order and number of steps; what changed:");
    printAnswers(context.console, specs, results);
    context.console.line();
    TRY_VOID(printComparison(context, *project, ids));
    TRY(const std::filesystem::path report,
        writeReport(context, *project, ids, "DPO and ORPO on the demo", std::nullopt));
    context.console.line();
    context.console.line("The whole story with curves: " + report.string());
    context.console.event({{"event", "report"}, {"path", pathText(report)}});
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_demo;
const CommandInfo command_cli_demo{
    .id = "demo",
    .summary = "Train the demo with DPO and with ORPO and set them side by side.",
    .description = "Runs a matched pair on the small model and the preference pairs that come with PrefLab: same "
                   "seed, rows, order and budget. Shows answers before and after, compares the two, and writes a "
                   "report.",
    .examples = {"preflab-cli demo", "preflab-cli demo --quick --project my-demo"},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
