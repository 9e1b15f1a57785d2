// SPDX-License-Identifier: GPL-3.0-or-later
// From an order to what the engine needs: model opened, data opened, split, tokenised.
#include "core/runs/prepare.h"

#include "core/base/excerpt.h"
#include "core/base/hash.h"
#include "core/base/rng.h"
#include "core/base/system.h"
#include "core/data/journal/edited_dataset.h"
#include "core/runs/batch_plan.h"
#include "core/runs/identical_pairs.h"
#include "core/runs/prepare_notes.h"
#include "core/runs/shared_sequences.h"
#include "core/runs/suggestions.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

namespace preflab {

namespace {

/// Methods are compared on log-probs of tokens that this recipe makes, whatever they were trained with.
constexpr std::string_view kComparisonRecipe = "dpo";

/// Everything that the steps of a preparation share.
struct Preparation {
    const RunSpec& spec;
    const TrainingOptions& options;
    const RecipeInfo& recipe;
    const RunFolders& folders;
    const RunData& rows;
    const ProgressSink& progress;
    std::stop_token stop;
};

/// Rows for training and for evaluation, as indices into their datasets. `held` is empty without evaluation.
struct RowSplit {
    std::vector<std::uint32_t> train;
    std::vector<std::uint32_t> held;
};

/// Draws the held-out rows before any row is dropped, so that every method gets the same ones.
RowSplit splitRows(const EditedDataset& opened, double fraction, std::uint64_t seed)
{
    const auto rows = static_cast<std::uint32_t>(opened.used.size());
    const std::uint32_t held = heldOutRows(rows, fraction);
    if (held == 0) return {opened.used, {}};
    auto order = heldOutOrder(rows, seed);
    for (std::uint32_t& row : order) row = opened.used[row];
    RowSplit split;
    split.held.assign(order.begin(), order.begin() + held);
    split.train.assign(order.begin() + held, order.end());
    std::sort(split.held.begin(), split.held.end());
    std::sort(split.train.begin(), split.train.end());
    return split;
}

/// "3 pairs edited, 2 left out (journal 17)"; nothing without edits that matter for training. Their position. And which
/// edits do not count.
std::int64_t noteEdits(PreparedRun& run, const EditedDataset& opened)
{
    for (std::string& note : opened.notes()) run.notes.push_back(std::move(note));
    const std::uint64_t edited = opened.editedRows();
    const std::uint64_t excluded = opened.excludedRows();
    if (edited == 0 && excluded == 0) return 0;
    const std::string noun = opened.data.kind == RowKind::Preference ? " pair" : " row";
    run.notes.push_back(opened.data.path.filename().string() + ": " + countText(edited) + noun +
                        (edited == 1 ? "" : "s") + " edited, " + countText(excluded) + " left out by you (journal " +
                        std::to_string(opened.edits.dataPosition) + ").");
    return opened.edits.dataPosition;
}

/// `contentHash`: what the file held when it was chosen; empty: not known.
Result<EditedDataset> openData(const std::filesystem::path& path, const ColumnMapping& columns,
                               const std::string& contentHash, const Preparation& job)
{
    const SplitRule split = job.options.split;
    // Opened for another rule, it has the doubts of that one.
    const auto known = std::ranges::find_if(job.rows.opened, [&](const auto& opened) {
        return opened->data.path == path && opened->data.mapping == columns && opened->data.split == split;
    });
    EditedDataset opened;
    if (known != job.rows.opened.end()) {
        opened = **known;
    } else {
        const DatasetOptions options{job.folders.cache, columns, {}, split};
        TRY(opened, openEditedDataset(path, options, job.rows.editsOf, job.progress, job.stop));
    }
    const Dataset& data = opened.data;
    // The run would train on other rows than those that the user sees.
    if (!contentHash.empty() && data.contentHash != contentHash)
        return fail(ErrorCode::SourceChanged, {{"path", path.string()}});
    if (job.recipe.needsRejected) TRY_VOID(checkHoldsPairs(data));
    TRY_VOID(opened.checkUsed());
    return opened;
}

/// Why none of `rows` rows is left, as the error that says what to change.
Error nothingLeft(const Dataset& data, std::size_t rows, const DropSummary& drops, const TrainingOptions& options)
{
    const auto mostFrequent = std::max_element(drops.counts.begin(), drops.counts.end(),
                                               [](const auto& a, const auto& b) { return a.second < b.second; });
    if (mostFrequent != drops.counts.end() && mostFrequent->first == DropReason::PromptFillsMaxLength)
        return {ErrorCode::NoAnswerLeft,
                {{"max_length", std::to_string(options.maxLength.value_or(0))},
                 {"rows", countText(rows)},
                 {"shortest", std::to_string(drops.shortestPrompt)}},
                {}};
    const std::string reason = mostFrequent == drops.counts.end() ? "the other method of the comparison cannot use it"
                                                                  : std::string(dropReasonText(mostFrequent->first));
    return {ErrorCode::NoUsableRows, {{"path", data.path.string()}, {"rows", countText(rows)}, {"reason", reason}}, {}};
}

/// The tokens of a dataset by a recipe; of all rows, so that every run on it finds them, or only of some.
Result<std::shared_ptr<const TokenStore>> storeOf(const EditedDataset& opened, const RecipeInfo& recipe,
                                                  std::vector<std::uint32_t> only, PreparedRun& run,
                                                  const Preparation& job)
{
    const Tokenisation how{&recipe, run.text, run.options.recipeOptions(), job.folders.cache};
    const TokenRows rows{opened.data.rows, opened.data.rowsKey(), opened.edits.states, std::move(only)};
    TRY(auto store, TokenStore::open(rows, how, job.progress, job.stop));
    if (!store->note().empty()) run.warnings.push_back({store->note()});
    return store;
}

/// The usable ones of `rows`; NoAnswerLeft or NoUsableRows if there are none.
Result<StoredPairs> select(std::shared_ptr<const TokenStore> store, const Dataset& data,
                           const std::vector<std::uint32_t>& rows, const PreparedRun& run)
{
    TRY(StoredPairs pairs, StoredPairs::select(std::move(store), rows, run.options.maxLength));
    if (pairs.size() == 0) return tl::unexpected(nothingLeft(data, rows.size(), pairs.drops(), run.options));
    return pairs;
}

std::string recipeIds()
{
    std::string ids;
    for (const RecipeInfo* recipe : recipes()) ids += (ids.empty() ? "" : ", ") + recipe->id;
    return ids;
}

/// Leaves only rows that the other recipes of a matched pair can use as well.
Result<> keepMatched(StoredPairs& train, const EditedDataset& opened, PreparedRun& run, const Preparation& job)
{
    for (const std::string& id : job.spec.usableBy) {
        const RecipeInfo* other = findRecipe(id);
        if (!other) return fail(ErrorCode::UnknownMethod, {{"found", id}, {"supported", recipeIds()}});
        if (other == &job.recipe) continue;
        TRY(auto store, storeOf(opened, *other, {}, run, job));
        TRY(const StoredPairs usable, select(std::move(store), run.data, train.usableRows(), run));
        train.keepOnly(usable.usableRows());
    }
    return {};
}

Json identicalSidesData(const IdenticalPairs& found)
{
    return {{"finding", findingId(Finding::Kind::IdenticalSides)}, {"count", found.identical}};
}

/// Warns of pairs with identical sides; without any other pair a run needs the user's yes.
Result<> checkSides(PreparedRun& run, const StoredPairs& train, const Preparation& job)
{
    TRY(const IdenticalPairs found, findIdenticalPairs(train, run.data));
    if (found.identical == 0) return {};
    run.warnings.push_back({found.text(), identicalSidesData(found)});
    return job.spec.areIdenticalPairsWanted ? Result<>{} : requireDifferentSides(found, run.data.path);
}

/// Warns of held-out pairs with identical sides, on which every measure of preference is a tie.
Result<> checkHeldOutSides(PreparedRun& run, const Dataset& data)
{
    TRY(const IdenticalPairs found, findIdenticalPairs(*run.heldOut, data));
    if (found.identical > 0) run.warnings.push_back({found.heldOutText(), identicalSidesData(found)});
    return {};
}

Result<> prepareTraining(PreparedRun& run, const EditedDataset& opened, const RowSplit& split,
                         std::shared_ptr<const TokenStore> store, const Preparation& job)
{
    TRY(StoredPairs train, select(std::move(store), run.data, split.train, run));
    TRY_VOID(keepMatched(train, opened, run, job));
    if (job.recipe.needsRejected) TRY_VOID(checkSides(run, train, job));
    run.droppedTrain = split.train.size() - train.size();
    run.rows.used = train.size();
    run.rows.dropped = train.drops().counts;
    run.rows.unmatched = run.droppedTrain - train.drops().total();
    run.rows.takeLosses(opened);
    run.rows.excluded = run.data.rows->size() - opened.used.size();
    run.rows.heldOut = opened.used.size() - split.train.size();
    run.rows.shortened = train.shortened();
    addTrainingNotes(run, split.train.size(), job.recipe.needsRejected);
    run.train = std::make_shared<StoredPairs>(std::move(train));
    run.counts["steps"] = BatchPlan(run.options.batchPlan(run.train->size())).totalSteps();
    return {};
}

/// Held-out rows by the method's recipe, and by DPO's, on which all methods are compared.
Result<> prepareEvaluation(PreparedRun& run, const EditedDataset& opened, const std::vector<std::uint32_t>& rows,
                           std::shared_ptr<const TokenStore> store, const Preparation& job)
{
    const Dataset& data = opened.data;
    TRY(StoredPairs byMethod, select(std::move(store), data, rows, run));
    auto judged = std::make_shared<StoredPairs>(std::move(byMethod));
    run.eval = judged;
    if (data.kind == RowKind::Preference) {
        const RecipeInfo* comparison = findRecipe(kComparisonRecipe);
        run.heldOut = run.eval;
        if (comparison != &job.recipe) {
            TRY(auto compared, storeOf(opened, *comparison, rows, run, job));
            TRY(StoredPairs byComparison, select(std::move(compared), data, rows, run));
            run.heldOut = judged = std::make_shared<StoredPairs>(std::move(byComparison));
        }
    }
    RowCounts counts{.dropped = judged->drops().counts, .shortened = judged->shortened()};
    counts.takeLosses(opened);
    addEvaluationNotes(run, data, rows.size(), counts, job.spec.evalData.has_value());
    return run.heldOut ? checkHeldOutSides(run, data) : Result<>();
}

Result<> addRows(ContentHash& hash, const EditedDataset& opened, const std::vector<std::uint32_t>& rows)
{
    hash.add(opened.data.rowsKey());
    hash.add(std::as_bytes(std::span(rows)));
    for (const std::uint32_t row : opened.edits.states.rows()) {
        if (!opened.edits.states.find(row)->isEdited()) continue;
        TRY(const Row now, opened.rows->row(row));
        hash.add(std::to_string(row) + toJson(now).dump());
    }
    return {};
}

/// Names everything that decides which tokens come out.
ContentHash keyOf(const PreparedRun& run, const Preparation& job)
{
    ContentHash hash;
    Json key;
    key["recipe"] = job.recipe.id;
    key["usable_by"] = job.spec.usableBy;
    key["text"] = run.text.contentHash();
    key["max_length"] = run.options.maxLength.value_or(0);
    key["split"] = splitRuleId(run.options.split);
    hash.add(key.dump());
    return hash;
}

}  // namespace

Result<> checkHoldsPairs(const Dataset& data)
{
    if (data.kind == RowKind::Preference) return {};
    std::string found;
    for (const std::string& column : data.columns) found += (found.empty() ? "" : ", ") + excerptOf(column);
    if (data.otherColumns > 0) found += " and " + countText(data.otherColumns) + " more";
    const bool isUnpaired = std::ranges::find(data.columns, "label") != data.columns.end();
    const std::string expected =
        std::string("chosen and rejected (") +
        (isUnpaired ? "these rows are unpaired, as for KTO, with one labelled answer each; " : "") +
        (data.kind == RowKind::PromptCompletion ? "prompt and completion are" : "text is") + " for --method sft)";
    return fail(ErrorCode::WrongColumns, {{"path", data.path.string()}, {"found", found}, {"expected", expected}});
}

Result<PreparedRun> prepareRun(const RunSpec& spec, const ComponentDescription& method, const RunFolders& folders,
                               const RunData& rows, const ProgressSink& progress, std::stop_token stop)
{
    const RecipeInfo* recipe = findRecipe(method.recipe);
    if (!recipe) return fail(ErrorCode::Internal, {{"reason", "the method " + method.id + " names no known recipe"}});
    PreparedRun run;
    TRY(run.params, completeParams(spec.params, method.id, method.params, method.defaults));
    TRY(run.options, trainingOptions(run.params));
    const Preparation job{spec, run.options, *recipe, folders, rows, progress, std::move(stop)};
    TRY(run.model, ModelFolder::open(spec.model));
    TRY(run.text, TextModel::open(run.model, *run.options.chatTemplate));
    TRY(const EditedDataset data, openData(spec.data, spec.columns, spec.dataHash, job));
    run.data = data.data;
    run.data.rows = data.rows;
    run.journalPosition = noteEdits(run, data);
    std::optional<EditedDataset> evalData;
    if (spec.evalData) {
        TRY(evalData, openData(*spec.evalData, spec.heldOutColumns(), {}, job));
        run.heldOutPosition = noteEdits(run, *evalData);
    }
    RowSplit split = splitRows(data, evalData ? 0.0 : run.options.evalFraction, run.options.seed);
    if (evalData) split.held = evalData->used;
    const EditedDataset& heldOutData = evalData ? *evalData : data;

    TRY(const auto store, storeOf(data, job.recipe, {}, run, job));
    TRY_VOID(prepareTraining(run, data, split, store, job));
    ContentHash key = keyOf(run, job);
    TRY_VOID(addRows(key, data, split.train));
    if (!split.held.empty()) {
        run.heldOutHash = heldOutData.data.contentHash;
        if (!evalData) run.heldOutPosition = run.journalPosition;
        std::shared_ptr<const TokenStore> heldOutStore = store;
        if (evalData) {
            TRY(heldOutStore, storeOf(*evalData, job.recipe, {}, run, job));
        }
        TRY_VOID(prepareEvaluation(run, heldOutData, split.held, heldOutStore, job));
        TRY(const std::uint32_t shared, heldOutInTraining(*run.train, *run.eval, job.stop));
        addSharedNote(run, heldOutData.data, shared, evalData.has_value());
        TRY_VOID(addRows(key, heldOutData, split.held));
    }
    addSettingNotes(run, spec);
    addLengthWarning(run);
    run.dataKey = key.hex();
    return run;
}

}  // namespace preflab
