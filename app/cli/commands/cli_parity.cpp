// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli parity: repeats a golden run and says how far the numbers are from it.
#include "app/cli/command.h"
#include "app/cli/run_flags.h"
#include "app/cli/text_table.h"
#include "core/base/system.h"

#include <cstdio>

namespace preflab {

namespace {

constexpr int kBeyondTolerance = 1;

std::vector<Flag> flags(const Backend&)
{
    return {{.name = "golden", .valueName = "FILE", .help = "A golden run's JSON file.", .isRequired = true},
            {.name = "model", .valueName = "DIR", .help = "The model it started from.", .isRequired = true},
            {.name = "threads", .valueName = "N", .help = "Threads that compute; 0: all cores.", .defaultText = "1"}};
}

std::string scientific(double value)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.2e", value);
    return buffer;
}

Json reportJson(const ParityReport& report)
{
    Json rows = Json::array();
    for (const ParityRow& row : report.rows)
        rows.push_back({{"metric", row.metric},
                        {"largest_deviation", row.largestDeviation},
                        {"largest_relative", row.largestRelative},
                        {"tolerance", row.tolerance},
                        {"worst_step", row.worstStep},
                        {"is_within", row.isWithin}});
    return {{"name", report.name},
            {"dtype", report.dtype},
            {"steps", report.steps},
            {"rows", rows},
            {"is_within", report.isWithin()}};
}

void printReport(Console& console, const ParityReport& report)
{
    console.line(report.name + ", " + report.dtype + ", " +
                 amountText(static_cast<std::uint64_t>(report.steps), "step"));
    console.line();
    TextTable table({"metric", "largest deviation", "relative", "at step", "tolerance", ""});
    for (const ParityRow& row : report.rows)
        table.add({row.metric, scientific(row.largestDeviation), scientific(row.largestRelative),
                   std::to_string(row.worstStep), row.tolerance, row.isWithin ? "ok" : "BEYOND"});
    console.text(table.text());
    console.line();
    console.line(report.isWithin() ? "All within tolerance." : "Beyond tolerance.");
}

Result<int> run(Context& context, const Arguments& arguments)
{
    ParityRequest request;
    request.golden = absolutePath(arguments.text("golden"));
    request.model = absolutePath(arguments.text("model"));
    TRY(request.threads, arguments.integer("threads", request.threads, 0, 1024));
    TRY(const ParityReport report, context.backend.parity(request, context.stops.polite()));
    context.console.event(reportJson(report));
    printReport(context.console, report);
    return report.isWithin() ? 0 : kBeyondTolerance;
}

}  // namespace

extern const CommandInfo command_cli_parity;
const CommandInfo command_cli_parity{
    .id = "parity",
    .summary = "Repeat a golden run of TRL and print the largest deviations.",
    .description = "Trains from the golden's token ids and settings and compares every number it recorded. The exit "
                   "code is 1 when one is beyond its tolerance.",
    .examples = {"preflab-cli parity --golden dpo_sigmoid.json --model stories260K-hf"},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
