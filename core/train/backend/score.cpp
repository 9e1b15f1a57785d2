// SPDX-License-Identifier: GPL-3.0-or-later
// Scoring a dataset pair by pair.
#include "core/train/backend/score.h"

#include "core/base/system.h"
#include "core/data/journal/edited_dataset.h"
#include "core/model/model_folder.h"
#include "core/plan/memory.h"
#include "core/plan/pair_batches.h"
#include "core/runs/prepare.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/readable_engine.h"
#include "core/train/objectives/log_odds.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace preflab {

namespace {

/// Scores of one batch as numbers.
struct BatchScores {
    std::vector<double> chosen, rejected;
};

/// The labels' part of a sequence's log-probabilities, added up in double.
double labelSum(const TokenSequence& sequence, const std::vector<double>& logProbs)
{
    double sum = 0.0;
    for (const LabelRun& run : sequence.labels) {
        for (std::size_t token = std::max<std::size_t>(run.begin, 1); token < run.end; ++token)
            sum += logProbs[token - 1];  // token 0 has no prediction
    }
    return sum;
}

/// By the same kernels as in training.
BatchScores scoresOf(Engine& engine, std::span<const TokenPair> pairs)
{
    const std::vector<PairTokenLogProbs> logProbs = engine.tokenLogProbs({pairs});
    BatchScores scores;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        scores.chosen.push_back(labelSum(pairs[i].chosen, logProbs[i].chosen));
        scores.rejected.push_back(labelSum(pairs[i].rejected, logProbs[i].rejected));
    }
    return scores;
}

/// Everything scoring works with.
struct Scoring {
    std::unique_ptr<Engine> policy, reference;  ///< the reference may be null
    bool isOwnReference = false;                ///< the model against itself: one pass serves both
    EditedDataset data;
    std::unique_ptr<StoredPairs> rows;
    std::vector<std::uint32_t> wanted;  ///< pairs to score, in file order
    RowCounts counts;
};

/// A recipe that gives both sides; WrongUse for others.
Result<const RecipeInfo*> pairRecipe(const std::string& id)
{
    const RecipeInfo* recipe = findRecipe(id);
    if (recipe && recipe->needsRejected) return recipe;
    std::string names;
    for (const std::string& known : matchedRecipes()) names += (names.empty() ? "" : " or ") + known;
    return fail(ErrorCode::WrongUse, {{"reason", "pairs cannot be scored by the recipe " + id + "; use " + names}});
}

/// All pairs, or `limit` of them at equal distances.
std::vector<std::uint32_t> evenlyDrawn(std::uint32_t pairs, std::optional<std::uint32_t> limit)
{
    const std::uint64_t count = std::min<std::uint64_t>(pairs, limit.value_or(pairs));
    std::vector<std::uint32_t> drawn;
    for (std::uint64_t i = 0; i < count; ++i) drawn.push_back(static_cast<std::uint32_t>(i * pairs / count));
    return drawn;
}

bool isSameFolder(const std::filesystem::path& a, const std::filesystem::path& b)
{
    std::error_code ignored;
    return a == b || std::filesystem::equivalent(a, b, ignored);
}

/// The model and, if one is named, its reference, which must read the same tokens.
struct ScoringModels {
    ModelFolder policy;
    TextModel text;
    std::optional<ModelFolder> reference;
};

Result<ScoringModels> openModels(const ScoreRequest& request)
{
    TRY(ModelFolder policy, ModelFolder::open(request.model));
    TRY(TextModel text, TextModel::open(policy, *request.chatTemplate));
    ScoringModels models{std::move(policy), std::move(text), std::nullopt};
    if (!request.reference || isSameFolder(request.model, *request.reference)) return models;
    TRY(ModelFolder reference, ModelFolder::open(*request.reference));
    TRY(const TextModel referenceText, TextModel::open(reference, *request.chatTemplate));
    if (referenceText.contentHash() != models.text.contentHash())
        return fail(ErrorCode::WrongUse,
                    {{"reason", "the reference " + request.reference->string() + " has another tokenizer than " +
                                    request.model.string() + "; name a reference that reads the same tokens"}});
    models.reference = std::move(reference);
    return models;
}

/// Why no pair of a dataset can be scored.
Error nothingLeft(const ScoreRequest& request, const DropSummary& drops)
{
    const auto filled = drops.counts.find(DropReason::PromptFillsMaxLength);
    if (request.recipe.maxLength && filled != drops.counts.end() && filled->second == drops.total())
        return Error{ErrorCode::NoAnswerLeft,
                     {{"max_length", std::to_string(*request.recipe.maxLength)},
                      {"rows", countText(drops.total())},
                      {"shortest", std::to_string(drops.shortestPrompt)}},
                     {}};
    std::string reasons;
    for (const auto& [reason, count] : drops.counts)
        reasons += (reasons.empty() ? "" : "; ") + countText(count) + ": " + std::string(dropReasonText(reason));
    return Error{ErrorCode::NoUsableRows,
                 {{"path", request.data.string()}, {"rows", countText(drops.total())}, {"reason", reasons}},
                 {}};
}

Result<Scoring> prepare(const ScoreRequest& request, const Placement& placement, const ProgressSink& progress,
                        std::stop_token stop)
{
    TRY(const RecipeInfo* const recipe, pairRecipe(request.recipeId));
    TRY(const ScoringModels models, openModels(request));
    const DatasetOptions options{request.cacheFolder, request.columns, {}, request.recipe.split};
    TRY(EditedDataset data, openEditedDataset(request.data, options, request.editsOf, progress, stop));
    TRY_VOID(checkHoldsPairs(data.data));
    TRY_VOID(data.checkUsed());
    const Tokenisation how{recipe, models.text, request.recipe, request.cacheFolder};
    TRY(const auto store,
        TokenStore::open({data.data.rows, data.data.rowsKey(), data.edits.states, {}}, how, progress, stop));
    TRY(StoredPairs rows, StoredPairs::select(store, data.used, request.recipe.maxLength));
    if (rows.size() == 0) return tl::unexpected(nothingLeft(request, rows.drops()));
    const auto batch = std::min<std::int64_t>(request.batchSize, rows.size());
    TRY_VOID(checkRequestMemory(
        predictMemory({models.policy.decoder, parameterCount(models.policy.weights), placement.precision, 2 * batch,
                       longestSequence(rows), /*isTraining=*/false, models.reference ? 1 : 0})));
    TRY(const DecoderWeights policy, DecoderWeights::load(models.policy, placement, /*isTrainable=*/false));
    std::vector<std::uint32_t> wanted = evenlyDrawn(rows.size(), request.limit);
    RowCounts counts{.used = rows.size(),
                     .excluded = data.excludedRows(),
                     .dropped = rows.drops().counts,
                     .tooLong = pairsLongerThan(rows, models.policy.decoder.maxPositions),
                     .shortened = rows.shortened()};
    counts.takeLosses(data);
    Scoring scoring{makeReadableEngine(policy),
                    nullptr,
                    request.reference && !models.reference,
                    std::move(data),
                    std::make_unique<StoredPairs>(std::move(rows)),
                    std::move(wanted),
                    counts};
    if (models.reference) {
        TRY(const DecoderWeights reference, DecoderWeights::load(*models.reference, placement, /*isTrainable=*/false));
        scoring.reference = makeReadableEngine(reference);
    }
    return scoring;
}

/// Scores of one pair; `reference` may be null.
PairScore pairScore(const TokenPair& pair, std::size_t index, const BatchScores& policy, const BatchScores* reference,
                    double beta)
{
    PairScore score;
    score.row = pair.row;
    score.chosenTokens = static_cast<std::int64_t>(pair.chosen.predictedLabels());
    score.rejectedTokens = static_cast<std::int64_t>(pair.rejected.predictedLabels());
    score.chosenLogProb = policy.chosen[index];
    score.rejectedLogProb = policy.rejected[index];
    score.logOdds = logOddsRatio(score.chosenLogProb / static_cast<double>(score.chosenTokens),
                                 score.rejectedLogProb / static_cast<double>(score.rejectedTokens));
    if (reference == nullptr) return score;
    score.referenceChosenLogProb = reference->chosen[index];
    score.referenceRejectedLogProb = reference->rejected[index];
    score.chosenReward = beta * (score.chosenLogProb - reference->chosen[index]);
    score.rejectedReward = beta * (score.rejectedLogProb - reference->rejected[index]);
    score.margin = *score.chosenReward - *score.rejectedReward;
    return score;
}

/// ResultNotFinite for the first number of a score that is none: weights or settings are beyond all reason.
Result<> checkFinite(const PairScore& score, RowNaming naming)
{
    const std::pair<const char*, double> numbers[] = {
        {"The chosen answer's log-probability", score.chosenLogProb},
        {"The rejected answer's log-probability", score.rejectedLogProb},
        {"The reference's log-probability of the chosen answer", score.referenceChosenLogProb.value_or(0.0)},
        {"The reference's log-probability of the rejected answer", score.referenceRejectedLogProb.value_or(0.0)},
        {"The margin", score.margin.value_or(0.0)},
        {"The log-odds ratio", score.logOdds}};
    for (const auto& [what, value] : numbers) {
        if (!std::isfinite(value))
            return fail(ErrorCode::ResultNotFinite, {{"what", what}, {"where", placeText(naming, score.sourceNumber)}});
    }
    return {};
}

/// Scores the pairs of those indices.
Result<> scoreSome(const Scoring& scoring, std::span<const std::uint32_t> indices, double beta, const ScoreSink& sink)
{
    TRY(const std::vector<TokenPair> pairs, drawPairs(*scoring.rows, indices));
    const BatchScores policy = scoresOf(*scoring.policy, pairs);
    std::optional<BatchScores> reference;
    if (scoring.isOwnReference)
        reference = policy;
    else if (scoring.reference)
        reference = scoresOf(*scoring.reference, pairs);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        PairScore score = pairScore(pairs[i], i, policy, reference ? &*reference : nullptr, beta);
        score.sourceNumber = scoring.data.data.rows->sourceNumber(pairs[i].row);
        TRY_VOID(checkFinite(score, scoring.data.data.naming));
        sink(score);
    }
    return {};
}

}  // namespace

Result<RowCounts> scorePairs(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                             std::stop_token stop)
{
    if (request.batchSize < 1)
        return fail(ErrorCode::ParameterOutOfRange,
                    {{"key", "batch_size"}, {"value", std::to_string(request.batchSize)}, {"range", "1 or above"}});
    return guarded([&]() -> Result<RowCounts> {
        TRY(const Placement placement, Placement::of(request.dtype, request.threads));
        TRY_VOID(applyThreads(placement.threads));
        TRY(const Scoring scoring, prepare(request, placement, progress, stop));
        const std::size_t total = scoring.wanted.size();
        for (std::size_t first = 0; first < total;) {
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            const std::size_t count = std::min(static_cast<std::size_t>(request.batchSize), total - first);
            TRY_VOID(scoreSome(scoring, std::span(scoring.wanted).subspan(first, count), request.beta, sink));
            first += count;
            if (progress) progress("Scoring pairs", first, total);
        }
        return scoring.counts;
    });
}

}  // namespace preflab
