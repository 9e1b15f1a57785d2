// SPDX-License-Identifier: GPL-3.0-or-later
// From an order to what the engine needs: model opened, data opened, split, tokenised.
#include "core/runs/prepare.h"

#include "core/base/hash.h"
#include "core/base/rng.h"
#include "core/base/system.h"
#include "core/runs/prepare_notes.h"

#include <algorithm>
#include <cmath>
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
    const RecipeInfo& recipe;
    const RunPlace& place;
    const ProgressSink& progress;
    std::stop_token stop;
};

/// Rows for training and for evaluation, as indices into their datasets. `held` is empty without evaluation.
struct RowSplit {
    std::vector<std::uint32_t> train;
    std::vector<std::uint32_t> held;
};

std::vector<std::uint32_t> allRows(const Dataset& data)
{
    std::vector<std::uint32_t> rows(data.rows->size());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

/// Draws the held-out rows before any row is dropped, so that every method gets the same ones.
RowSplit splitRows(const Dataset& data, double fraction, std::uint64_t seed)
{
    const std::uint32_t rows = data.rows->size();
    if (fraction <= 0 || rows < 2)
        return {allRows(data), {}};
    const auto held = std::clamp<std::uint32_t>(static_cast<std::uint32_t>(std::lround(fraction * rows)), 1, rows - 1);
    const auto order = randomPermutation(rows, seedFor(seed, SeedPurpose::HeldOutSplit));
    RowSplit split;
    split.held.assign(order.begin(), order.begin() + held);
    split.train.assign(order.begin() + held, order.end());
    std::sort(split.held.begin(), split.held.end());
    std::sort(split.train.begin(), split.train.end());
    return split;
}

Result<Dataset> openData(const std::filesystem::path& path, const Preparation& job)
{
    TRY(Dataset data, Dataset::open(path, {job.place.cacheFolder}, job.progress, job.stop));
    if (job.recipe.needsRejected && data.kind != RowKind::Preference) {
        std::string found;
        for (const std::string& column : data.columns)
            found += (found.empty() ? "" : ", ") + column;
        return fail(ErrorCode::WrongColumns,
                    {{"path", path.string()}, {"found", found}, {"expected", "chosen and rejected"}});
    }
    return data;
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
    const std::string reason = drops.first.empty() ? "the other method of the comparison cannot use it"
                                                   : std::string(dropReasonText(drops.first.front().reason));
    return {ErrorCode::NoUsableRows, {{"path", data.path.string()}, {"rows", countText(rows)}, {"reason", reason}}, {}};
}

Result<TokenisedRows> tokenise(const Dataset& data, const std::vector<std::uint32_t>& rows, const RecipeInfo& recipe,
                               const PreparedRun& run, const Preparation& job)
{
    TRY(TokenisedRows tokenised, TokenisedRows::build(data.rows, rows, recipe, run.model.tokenizer,
                                                      run.options.recipeOptions(), job.progress, job.stop));
    if (tokenised.size() == 0)
        return tl::unexpected(nothingLeft(data, rows.size(), tokenised.drops(), run.options));
    return tokenised;
}

std::string recipeIds()
{
    std::string ids;
    for (const RecipeInfo* recipe : recipes())
        ids += (ids.empty() ? "" : ", ") + recipe->id;
    return ids;
}

/// Leaves only rows that the other recipes of a matched pair can use as well.
Result<> keepMatched(TokenisedRows& train, const PreparedRun& run, const Preparation& job)
{
    for (const std::string& id : job.spec.usableBy) {
        const RecipeInfo* other = findRecipe(id);
        if (!other)
            return fail(ErrorCode::UnknownMethod, {{"found", id}, {"supported", recipeIds()}});
        if (other == &job.recipe)
            continue;
        TRY(const TokenisedRows usable, tokenise(run.data, train.usableRows(), *other, run, job));
        train.keepOnly(usable.usableRows());
    }
    return {};
}

Result<> prepareTraining(PreparedRun& run, const std::vector<std::uint32_t>& rows, const Preparation& job)
{
    TRY(TokenisedRows train, tokenise(run.data, rows, job.recipe, run, job));
    TRY_VOID(keepMatched(train, run, job));
    run.droppedTrain = rows.size() - train.size();
    addTrainingNotes(run, train, rows.size());
    run.train = std::make_shared<TokenisedRows>(std::move(train));
    return {};
}

/// Held-out rows by the method's recipe, and by DPO's, on which all methods are compared.
Result<> prepareEvaluation(PreparedRun& run, const Dataset& data, const std::vector<std::uint32_t>& rows,
                           const Preparation& job)
{
    TRY(TokenisedRows byMethod, tokenise(data, rows, job.recipe, run, job));
    run.eval = std::make_shared<TokenisedRows>(std::move(byMethod));
    if (data.kind == RowKind::Preference) {
        const RecipeInfo* comparison = findRecipe(kComparisonRecipe);
        run.heldOut = run.eval;
        if (comparison != &job.recipe) {
            TRY(TokenisedRows byComparison, tokenise(data, rows, *comparison, run, job));
            run.heldOut = std::make_shared<TokenisedRows>(std::move(byComparison));
        }
    }
    addEvaluationNotes(run, data, rows.size());
    return {};
}

void addRows(ContentHash& hash, const Dataset& data, const std::vector<std::uint32_t>& rows)
{
    hash.add(data.contentHash);
    hash.add(std::as_bytes(std::span(rows)));
}

/// Names everything that decides which tokens come out.
ContentHash keyOf(const PreparedRun& run, const Preparation& job)
{
    ContentHash hash;
    Json key;
    key["recipe"] = job.recipe.id;
    key["usable_by"] = job.spec.usableBy;
    key["tokenizer"] = run.model.tokenizer->contentHash();
    key["max_length"] = run.options.maxLength.value_or(0);
    key["split"] = splitRuleId(run.options.split);
    key["rendering"] = renderingId(run.options.rendering);
    hash.add(key.dump());
    return hash;
}

}  // namespace

Result<PreparedRun> prepareRun(const RunSpec& spec, const ComponentDescription& method, const RunPlace& place,
                               const ProgressSink& progress, std::stop_token stop)
{
    const RecipeInfo* recipe = findRecipe(method.recipe);
    if (!recipe)
        return fail(ErrorCode::Internal, {{"reason", "the method " + method.id + " names no known recipe"}});
    const Preparation job{spec, *recipe, place, progress, std::move(stop)};

    PreparedRun run;
    TRY(run.params, completeParams(spec.params, method.id, method.params, method.defaults));
    TRY(run.options, trainingOptions(run.params));
    TRY(run.model, ModelFolder::open(spec.model));
    TRY(run.data, openData(spec.data, job));
    std::optional<Dataset> evalData;
    if (spec.evalData) {
        TRY(evalData, openData(*spec.evalData, job));
    }
    RowSplit split = splitRows(run.data, evalData ? 0.0 : run.options.evalFraction, run.options.seed);
    if (evalData)
        split.held = allRows(*evalData);
    const Dataset& heldOutData = evalData ? *evalData : run.data;

    TRY_VOID(prepareTraining(run, split.train, job));
    ContentHash key = keyOf(run, job);
    addRows(key, run.data, split.train);
    if (!split.held.empty()) {
        TRY_VOID(prepareEvaluation(run, heldOutData, split.held, job));
        addRows(key, heldOutData, split.held);
    }
    run.dataKey = key.hex();
    return run;
}

}  // namespace preflab
