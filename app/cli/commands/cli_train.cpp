// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli train: one run, from flags to a checkpoint.
#include "app/cli/command.h"
#include "app/cli/map_flag.h"
#include "app/cli/open_project.h"
#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "app/cli/run_session.h"
#include "core/base/atomic_file.h"
#include "core/data/journal/dataset_mapping.h"
#include "core/project/path_text.h"
#include "core/runs/prepare_notes.h"
#include "core/runs/run_names.h"
#include "core/runs/trl_yaml.h"

namespace preflab {

namespace {

std::vector<Flag> flags(const Backend& backend)
{
    const std::string group = "What to train";
    std::vector<Flag> all{
        {.name = "method",
         .valueName = methodNames(backend),
         .help = "How to train.",
         .group = group,
         .isRequired = true},
        {.name = "model",
         .valueName = "DIR",
         .help = "Hugging Face model folder to start from; also the reference.",
         .group = group,
         .isRequired = true},
        {.name = "data",
         .valueName = "FILE",
         .help = "Preference pairs (or texts, for sft): JSONL, JSON, CSV, Parquet.",
         .group = group,
         .isRequired = true},
        {.name = "eval-data",
         .valueName = "FILE",
         .help = "Held-out pairs; instead of --eval-fraction.",
         .group = group},
        mapFlag(group),
        evalMapFlag(group),
        {.name = "sample-prompt",
         .valueName = "TEXT",
         .help = "A prompt to answer before and after training.",
         .group = group},
        {.name = "matched",
         .help = "Use only rows that both DPO and ORPO can use, for a fair comparison.",
         .group = group},
        {.name = "name", .valueName = "TEXT", .help = "What the run is called in lists.", .group = group},
        {.name = "allow-identical-pairs",
         .help = "Train even where chosen and rejected are the same in every pair, which teaches no preference.",
         .group = group},
        {.name = "trl-yaml",
         .valueName = "FILE",
         .help = "Write the same run as TRL's configuration there, and train nothing.",
         .group = group},
    };
    Flag project = projectFlag();
    project.group = group;
    project.help = "The project folder, made if it is absent; without it, one in your data folder.";
    all.push_back(std::move(project));
    for (Flag& flag : parameterFlags(backend)) all.push_back(std::move(flag));
    return all;
}

Result<RunSpec> specFrom(const Arguments& arguments, const Backend& backend)
{
    RunSpec spec;
    spec.method = arguments.text("method");
    TRY(const ComponentDescription method, describeMethod(backend, spec.method));
    spec.name = arguments.text("name");
    if (arguments.has("name")) TRY_VOID(checkRunName(spec.name, "--name"));
    spec.model = absolutePath(arguments.text("model"));
    spec.data = absolutePath(arguments.text("data"));
    if (arguments.has("eval-data")) spec.evalData = absolutePath(arguments.text("eval-data"));
    if (arguments.has("eval-map") && !arguments.has("eval-data"))
        return fail(ErrorCode::WrongUse, {{"reason", "--eval-map is of --eval-data, which is missing"}});
    if (arguments.has("eval-data") && arguments.has("eval-fraction"))
        return fail(ErrorCode::WrongUse, {{"reason", "--eval-data and --eval-fraction exclude each other"}});
    if (arguments.has("sample-prompt")) spec.samplePrompts.push_back(arguments.text("sample-prompt"));
    spec.areIdenticalPairsWanted = arguments.has("allow-identical-pairs");
    if (arguments.has("matched")) spec.usableBy = matchedRecipes();
    TRY(spec.params, parametersFrom(arguments, backend, spec.method));
    TRY_VOID(completeParams(spec.params, spec.method, method.params, method.defaults));
    return spec;
}

// Where there is no project yet there are no edits; one that cannot be read may have some.
Result<> checkReadable(const Arguments& arguments)
{
    const auto project = Project::openToRead(projectFolder(arguments));
    if (project || project.error().code == ErrorCode::ProjectNotFound) return {};
    return tl::unexpected(project.error());
}

// What TRL will not do as PrefLab does, beside the file: its reader may be a script.
void printTrlNotes(Console& console, const RunSpec& spec, const OpenedOrder& order, const TrlData& data,
                   const std::filesystem::path& target)
{
    std::vector<std::string> notes = trlNotes(spec, order.method, order.params, data);
    if (auto note = epochsNote(spec)) notes.push_back(*std::move(note));
    for (const std::string& note : notes) console.remark("note: " + note);
    console.line("written to " + target.string());
    console.event({{"event", "trl_yaml"}, {"path", pathText(target)}, {"notes", notes}});
}

Result<int> writeTrlYaml(Context& context, const RunSpec& spec, Project* project, const Arguments& arguments)
{
    const std::filesystem::path target = absolutePath(arguments.text("trl-yaml"));
    std::vector<Reading> readings{{spec.data, "the data"}, {spec.model, "the model"}};
    if (spec.evalData) readings.push_back({*spec.evalData, "the held-out data"});
    TRY_VOID(checkTarget(target, readings));
    TRY_VOID(checkReadable(arguments));
    TRY(const OpenedOrder order, openOrder(context, spec, project));
    const EditedDataset& opened = *order.data.front();
    if (const auto refusal = trlRefusal(spec, order.method, opened.data.kind)) return wrongUse(*refusal);
    TrlData data{.kind = opened.data.kind,
                 .isEdited = opened.editedRows() > 0 || opened.excludedRows() > 0,
                 .isUnreadable = opened.data.findings.badRows > 0};
    if (project != nullptr) data.project = project->folder();
    TRY_VOID(writeFileAtomically(target, joined(trlYaml(spec, order.method, data))));
    printTrlNotes(context.console, spec, order, data, target);
    return 0;
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TRY(RunSpec spec, specFrom(arguments, context.backend));
    OpenedData opened;
    {
        const std::unique_ptr<Project> existing = existingProject(arguments);
        TRY(spec.columns, mappingFrom(arguments, existing.get(), spec.data));
        if (spec.evalData) {
            TRY(spec.evalColumns, evalMappingFrom(arguments, existing.get(), *spec.evalData, spec.columns));
        }
        if (arguments.has("trl-yaml")) return writeTrlYaml(context, spec, existing.get(), arguments);
        TRY(opened, announceRun(context, spec, existing.get()));
    }
    TRY(const std::unique_ptr<Project> project, openProject(context, arguments));
    if (arguments.has("map")) TRY_VOID(keepMapping(*project, opened.front()->data));
    if (spec.evalData && (arguments.has("map") || arguments.has("eval-map")))
        TRY_VOID(keepMapping(*project, opened.back()->data));
    RunQueue queue(context.backend, *project);
    TRY(const RunResult result, executeRun(context, *project, queue, spec, std::move(opened)));
    TRY_VOID(outcomeResult(result.outcome));
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_train;
const CommandInfo command_cli_train{
    .id = "train",
    .summary = "Train a model on preference pairs, with DPO or ORPO, or on texts.",
    .description =
        "Trains, shows steps once they are stored (of a long run some 40 at equal distances; with --json every "
        "step), evaluates held-out pairs before and after, and saves a Hugging Face folder. Ctrl+C stops after the "
        "step and saves; a second Ctrl+C aborts.",
    .examples = {"preflab-cli train --method dpo --model my-model --data pairs.jsonl --max-steps 100",
                 "preflab-cli train --method orpo --model my-model --data pairs.jsonl \\",
                 "    --eval-fraction 0.1 --eval-every 20 --lambda 0.5 --learning-rate 5e-5",
                 "preflab-cli train --method dpo --model my-model --data pairs.jsonl --trl-yaml dpo.yaml",
                 "preflab-cli train --method sft --model my-model --data texts.jsonl --epochs 1 --json"},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
