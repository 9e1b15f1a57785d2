// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli report: runs as one HTML file.
#include "app/cli/command.h"
#include "app/cli/open_project.h"
#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "app/cli/run_report.h"
#include "core/project/path_text.h"
#include "core/report/report.h"

namespace preflab {

namespace {

std::vector<Flag> flags(const Backend&)
{
    return {projectFlag(),
            {.name = "output", .valueName = "FILE", .help = "Where to write; else the project's exports folder."},
            {.name = "title", .valueName = "TEXT", .help = "Title of the page."}};
}

Result<int> run(Context& context, const Arguments& arguments)
{
    std::optional<std::filesystem::path> target;
    if (arguments.has("output")) {
        target = absolutePath(arguments.text("output"));
        TRY_VOID(checkTarget(*target, projectReadings(projectFolder(arguments))));
    }
    TRY(const std::unique_ptr<Project> project, openProjectToRead(context, arguments));
    TRY(const std::filesystem::path path,
        writeReport(context, *project, arguments.operands(), arguments.text("title"), target));
    context.console.line(path.string());
    context.console.event({{"event", "report"}, {"path", pathText(path)}});
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_report;
const CommandInfo command_cli_report{
    .id = "report",
    .summary = "Write runs as one HTML file: curves, settings, held-out table, answers.",
    .description = "One self-contained page about a run, or several side by side: needs no network and prints well. "
                   "Prints the path of what it wrote.",
    .examples = {"preflab-cli report 3", "preflab-cli report 1 2 --output dpo-against-orpo.html"},
    .operands = {{.name = "RUN", .help = "Id, beginning of an id, number or name of a run.", .most = kMostReportRuns}},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
