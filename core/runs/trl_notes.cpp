// SPDX-License-Identifier: GPL-3.0-or-later
// Tried with TRL 1.16 and datasets 5.2: its scripts read `datasets` with load_dataset, and can split off a share.
#include "core/runs/trl_notes.h"

#include "core/base/shell_word.h"
#include "core/data/ingest/source_kind.h"
#include "core/text/recipe.h"

namespace preflab {
namespace {

/// The command that writes the rows as they are trained on here, in columns that TRL knows.
std::string exportCommand(const RunSpec& spec, const TrlData& data)
{
    std::filesystem::path stem = spec.data.stem();
    if (spec.data.extension() == ".gz") stem = stem.stem();
    std::string command = "preflab-cli export " + shellWord(spec.data.string());
    for (const std::string& assignment : assignmentsOf(spec.columns)) command += " --map " + shellWord(assignment);
    return command + " --project " + shellWord(data.project.string()) + " --output " +
           shellWord(stem.string() + "-for-trl.jsonl");
}

/// What is not in the file as TRL reads it.
std::vector<std::string> dataNotes(const RunSpec& spec, const TrlData& data)
{
    const std::string file = spec.data.filename().string();
    std::vector<std::string> notes;
    if (data.isEdited)
        notes.push_back("Rows of " + file + " are edited, swapped or left out in the project " + data.project.string() +
                        ", which TRL knows nothing of.");
    if (!spec.columns.isPlain())
        notes.push_back("PrefLab takes " + mappingText(spec.columns) +
                        "; TRL wants these columns renamed in the file.");
    if (data.isUnreadable) notes.push_back("Some rows of " + file + " cannot be read, at which TRL stops.");
    if (unpackedExtension(spec.data) == ".tsv")
        notes.push_back("TRL wants commas in place of the tabs of " + file + ".");
    if (notes.empty()) return notes;
    notes.push_back(data.project.empty()
                        ? "preflab-cli export writes the file that TRL needs, once a first run has made a project."
                        : "To write the file that TRL needs, and then name it as data_files: " +
                              exportCommand(spec, data));
    return notes;
}

double numberIn(const ParamValues& params, const char* key)
{
    const auto found = params.find(key);
    if (found == params.end()) return 0.0;
    if (const auto* whole = std::get_if<std::int64_t>(&found->second)) return static_cast<double>(*whole);
    const auto* number = std::get_if<double>(&found->second);
    return number ? *number : 0.0;
}

}  // namespace

std::string trlReader(const std::filesystem::path& data)
{
    const std::string extension = unpackedExtension(data);
    if (extension == ".csv" || extension == ".tsv") return "csv";
    return extension == ".parquet" ? "parquet" : "json";
}

bool isShareHeldOut(const RunSpec& spec, const ParamValues& params)
{
    return !spec.evalData && numberIn(params, "eval_fraction") > 0;
}

bool isEvaluatedByTrl(const RunSpec& spec, const ParamValues& params)
{
    return isShareHeldOut(spec, params) && numberIn(params, "eval_steps") > 0;
}

std::vector<std::string> trlNotes(const RunSpec& spec, const ComponentDescription& method, const ParamValues& params,
                                  const TrlData& data)
{
    std::vector<std::string> notes;
    if (method.recipe == "orpo")
        notes.push_back(
            "TRL has no command for ORPO: a script of your own gives this file to TrlParser((ScriptArguments, "
            "ORPOConfig, ModelConfig, DatasetMixtureConfig)) and the data of get_dataset to "
            "trl.experimental.orpo.ORPOTrainer.");
    if (data.kind)
        if (auto refusal = trlRefusal(spec, method, *data.kind)) notes.push_back(*std::move(refusal) + ".");
    const std::vector<std::string> ofData = dataNotes(spec, data);
    notes.insert(notes.end(), ofData.begin(), ofData.end());
    if (!spec.usableBy.empty())
        notes.push_back(
            "PrefLab uses only rows that both DPO and ORPO can use (--matched); TRL has no such setting and may "
            "use more.");
    if (spec.evalData)
        notes.push_back(
            "TRL's configuration has no place for held-out pairs in a file of their own, so evaluation is off; "
            "TRL evaluates where one folder holds the two files as train.jsonl and test.jsonl, dataset_name "
            "names it in place of datasets, and eval_strategy is steps.");
    else if (isShareHeldOut(spec, params))
        notes.push_back("TRL draws the pairs of test_split_size in its own way: others are held out than here.");
    return notes;
}

std::optional<std::string> trlRefusal(const RunSpec& spec, const ComponentDescription& method, RowKind kind)
{
    const RecipeInfo* recipe = findRecipe(method.recipe);
    if (recipe == nullptr || recipe->needsRejected || kind != RowKind::Preference) return std::nullopt;
    return "TRL's " + method.title + " takes texts, or prompts with completions, and " + spec.data.filename().string() +
           " holds pairs, of which PrefLab takes the chosen answers; say so with --map completion=chosen (where a "
           "column has the prompt) or --map text=chosen";
}

}  // namespace preflab
