// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli compare: runs side by side on what may be compared.
#include "app/cli/command.h"
#include "app/cli/comparison_text.h"
#include "app/cli/open_project.h"
#include "app/cli/run_flags.h"

namespace preflab {

namespace {

constexpr std::size_t kMostRuns = 8;

std::vector<Flag> flags(const Backend&)
{
    return {projectFlag()};
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TRY(const std::unique_ptr<Project> project, openProjectToRead(context, arguments));
    TRY_VOID(printComparison(context, *project, arguments.operands()));
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_compare;
const CommandInfo command_cli_compare{
    .id = "compare",
    .summary = "Set runs side by side on the metrics that do not depend on the method.",
    .description = "Rewards of DPO and ORPO are different things, so runs are compared on held-out pairs by their "
                   "log-probs alone: accuracy, margin and log-odds, likelihood of chosen, drift from the start.",
    .examples = {"preflab-cli compare 1 2", "preflab-cli compare 1 2 --project my-project --json"},
    .operands =
        {{.name = "RUN", .help = "Id, beginning of an id, number or name of a run.", .least = 2, .most = kMostRuns}},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
