// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli inspect: what a path is.
#include "app/cli/command.h"
#include "app/cli/inspect_text.h"
#include "app/cli/map_flag.h"
#include "app/cli/open_project.h"
#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "core/base/shell_word.h"
#include "core/data/journal/dataset_mapping.h"
#include "core/data/journal/edited_dataset.h"
#include "core/project/path_text.h"

#include <memory>

namespace preflab {

namespace {

std::vector<Flag> flags(const Backend&)
{
    std::vector<Flag> all{
        {.name = "tensors", .help = "List every tensor of a model."},
        {.name = "project", .valueName = "DIR", .help = "Show a dataset as it was edited in this project."},
        {.name = "take-edits",
         .help =
             "With --project: the file is what another dataset of the project was, whose edits it has from now on."},
        mapFlag(),
        {.name = "keep-map",
         .help = "With --project: the project keeps what --map says of the file, so that its window and every command "
                 "with --project read it so from now on."}};
    for (Flag& flag : trainingFlags({"split"})) all.push_back(std::move(flag));
    return all;
}

// Nothing that was typed is passed over: whoever typed it means it to count.
Result<> checkDataFlags(const Arguments& arguments, const std::filesystem::path& path)
{
    std::error_code ignored;
    if (arguments.has("tensors") && std::filesystem::exists(path, ignored))
        return wrongUse("--tensors is of a model folder, and inspect was given a file");
    if (arguments.has("keep-map") && !arguments.has("project"))
        return wrongUse("--keep-map needs the --project that is to keep it");
    if (arguments.has("take-edits") && !arguments.has("project"))
        return wrongUse("--take-edits needs the --project whose edits are meant");
    return {};
}

// A model has no columns and no edits, a project none either.
Result<> checkFolderFlags(const Arguments& arguments, const std::string& what)
{
    for (const char* flag : {"project", "take-edits", "map", "keep-map", "split"})
        if (arguments.has(flag))
            return wrongUse("--" + std::string(flag) + " is of a dataset, and inspect was given " + what);
    return {};
}

Result<int> inspectModel(Context& context, const std::filesystem::path& path, bool isListingTensors)
{
    TRY(const ModelReport report, context.backend.inspectModel(path));
    context.console.event(modelJson(report));
    context.console.text(modelText(report));
    if (isListingTensors) context.console.text("\n" + tensorsText(report));
    return 0;
}

// The edits of the dataset whose changed rows the file has, which are this file's from now on.
Result<JournalView> takenEdits(const std::shared_ptr<Project>& project, const Dataset& data)
{
    TRY(const JournalView own, Journal::read(*project, data));
    const std::string file = data.path.filename().string();
    if (!own.similar && own.position > 0)
        return wrongUse(file + " has changes of its own in this project, and --take-edits does not mix them with those "
                               "of another dataset");
    if (!own.similar)
        return wrongUse("--take-edits finds no other dataset in this project of whose changed rows " + file +
                        " has at least half");
    TRY(const auto journal, Journal::open(project, data, own.similar->dataset));
    return journal->view();
}

Result<int> inspectData(Context& context, const Arguments& arguments, const std::filesystem::path& path,
                        SplitRule split)
{
    TRY_VOID(checkDataFlags(arguments, path));
    std::shared_ptr<Project> project;
    EditSource edits;
    if (arguments.has("project")) {
        const bool isChanged = arguments.has("take-edits") || arguments.has("keep-map");
        // Without a project there are no edits to take: its name is mistyped, and none is made.
        if (arguments.has("take-edits")) TRY_VOID(Project::openToRead(projectFolder(arguments)));
        TRY(project, isChanged ? openProject(context, arguments) : openProjectToRead(context, arguments));
        edits = editsIn(*project);
        if (arguments.has("take-edits")) edits = [&project](const Dataset& data) { return takenEdits(project, data); };
    }
    TRY(const ColumnMapping columns, mappingFrom(arguments, project.get(), path));
    TRY(const EditedDataset data, openEditedDataset(path, {{}, columns, {}, split}, edits,
                                                    context.console.progressSink(), context.stops.polite()));
    if (project && arguments.has("keep-map")) TRY_VOID(keepMapping(*project, data.data));
    context.console.clearProgress();
    TRY(const Row row, data.rows->row(0));
    Json json = datasetJson(data);
    json["first_row"] = firstRowJson(row, split);
    if (project) json["edits"] = editsJson(data);
    context.console.event(json);
    context.console.text(datasetText(data));
    if (project) context.console.text(editsText(data));
    context.console.text("\n" + firstRowText(row, split));
    return 0;
}

// A project is told apart by its database; it is not opened, so that this works while it is in use.
Result<int> inspectProject(Context& context, const Arguments& arguments, const std::filesystem::path& path)
{
    TRY_VOID(checkFolderFlags(arguments, "a project"));
    if (arguments.has("tensors")) return wrongUse("--tensors is of a model folder, and inspect was given a project");
    context.console.event({{"kind", "project"}, {"path", pathText(path)}});
    context.console.line(path.string() + " is a PrefLab project.");
    context.console.line("Its runs: preflab-cli runs list --project " + shellWord(path.string()));
    return 0;
}

Result<int> run(Context& context, const Arguments& arguments)
{
    const std::filesystem::path path = absolutePath(arguments.operands().front());
    TRY(const TrainingOptions options, trainingOptionsFrom(arguments, "inspect"));
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) return inspectData(context, arguments, path, options.split);
    if (std::filesystem::exists(path / "project.db", ignored)) return inspectProject(context, arguments, path);
    TRY_VOID(checkFolderFlags(arguments, "a model folder"));
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
