// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli inspect: what a path is.
#include "app/cli/command.h"
#include "app/cli/inspect_text.h"
#include "app/cli/run_flags.h"

namespace preflab {

namespace {

std::vector<Flag> flags(const Backend&)
{
    std::vector<Flag> all{{.name = "tensors", .help = "List every tensor of a model."}};
    for (Flag& flag : trainingFlags({"split"})) all.push_back(std::move(flag));
    return all;
}

Result<int> inspectModel(Context& context, const std::filesystem::path& path, bool isListingTensors)
{
    TRY(const ModelReport report, context.backend.inspectModel(path));
    context.console.event(modelJson(report));
    context.console.text(modelText(report));
    if (isListingTensors) context.console.text("\n" + tensorsText(report));
    return 0;
}

Result<int> inspectData(Context& context, const std::filesystem::path& path, SplitRule split)
{
    TRY(const Dataset data, Dataset::open(path, {}, context.console.progressSink(), context.stops.polite()));
    context.console.clearProgress();
    TRY(const Row row, data.rows->row(0));
    context.console.event(datasetJson(data));
    context.console.text(datasetText(data));
    context.console.text("\n" + firstRowText(row, split));
    return 0;
}

// A project is told apart by its database; it is not opened, so that this works while it is in use.
int inspectProject(Context& context, const std::filesystem::path& path)
{
    context.console.event({{"kind", "project"}, {"path", path.string()}});
    context.console.line(path.string() + " is a PrefLab project.");
    context.console.line("Its runs: preflab-cli runs list --project " + path.string());
    return 0;
}

Result<int> run(Context& context, const Arguments& arguments)
{
    const std::filesystem::path path = absolutePath(arguments.operands().front());
    TRY(const TrainingOptions options, trainingOptionsFrom(arguments, "inspect"));
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) return inspectData(context, path, options.split);
    if (std::filesystem::exists(path / "project.db", ignored)) return inspectProject(context, path);
    return inspectModel(context, path, arguments.has("tensors"));
}

}  // namespace

extern const CommandInfo command_cli_inspect;
const CommandInfo command_cli_inspect{
    .id = "inspect",
    .summary = "Say what a model folder, a dataset or a project is.",
    .description = "A folder is taken for a model (or a project), a file for a dataset: its layout, rows, problems "
                   "and first pair.",
    .examples = {"preflab-cli inspect my-model", "preflab-cli inspect pairs.jsonl.gz",
                 "preflab-cli inspect pairs.parquet --json"},
    .operands = {{.name = "PATH", .help = "Model folder, dataset file or project folder."}},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
