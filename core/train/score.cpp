// SPDX-License-Identifier: GPL-3.0-or-later
// Scoring a dataset pair by pair.
#include "core/train/score.h"

#include "core/base/system.h"
#include "core/data/dataset.h"
#include "core/model/model_folder.h"
#include "core/train/batch.h"
#include "core/train/memory.h"
#include "core/train/torch_border.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

namespace {

/// Scores of one batch as numbers.
struct BatchScores {
    std::vector<double> chosen, rejected;
};

BatchScores scoresOf(const DecoderWeights& weights, std::span<const TokenPair> pairs)
{
    const auto numbers = [](const Tensor& tensor) {
        const Tensor wide = tensor.to(at::kDouble).contiguous();
        const double* const first = wide.const_data_ptr<double>();
        return std::vector<double>(first, first + wide.numel());
    };
    const PairLogProbs logProbs = scoreBatch(weights, pairs);
    return {numbers(logProbs.chosen), numbers(logProbs.rejected)};
}

/// Everything scoring works with.
struct Scoring {
    DecoderWeights policy;
    std::optional<DecoderWeights> reference;
    Dataset data;
    std::unique_ptr<TokenisedRows> rows;
};

/// The model and, if one is named, its reference, which must read the same tokens.
struct ScoringModels {
    ModelFolder policy;
    std::optional<ModelFolder> reference;
};

Result<ScoringModels> openModels(const ScoreRequest& request)
{
    TRY(ModelFolder policy, ModelFolder::open(request.model));
    ScoringModels models{std::move(policy), std::nullopt};
    if (!request.reference) return models;
    TRY(ModelFolder reference, ModelFolder::open(*request.reference));
    if (reference.tokenizer->contentHash() != models.policy.tokenizer->contentHash())
        return fail(ErrorCode::WrongUse,
                    {{"reason", "the reference " + request.reference->string() + " has another tokenizer than "
                                    + request.model.string() + "; name a reference that reads the same tokens"}});
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
                 {{"path", request.data.string()}, {"rows", countText(drops.total())}, {"reason", reasons}}, {}};
}

Result<Scoring> prepare(const ScoreRequest& request, const ProgressSink& progress, std::stop_token stop)
{
    TRY(const Precision precision, precisionFromId(request.dtype));
    TRY(const ScoringModels models, openModels(request));
    TRY(Dataset data, Dataset::open(request.data, {request.cacheFolder}, progress, stop));
    TRY(TokenisedRows rows, TokenisedRows::build(data.rows, {}, *findRecipe("dpo"), models.policy.tokenizer,
                                                 request.recipe, progress, stop));
    if (rows.size() == 0) return tl::unexpected(nothingLeft(request, rows.drops()));
    const auto batch = std::min<std::int64_t>(request.batchSize, rows.size());
    TRY_VOID(checkMemory(predictPeakMemory({models.policy.decoder, parameterCount(models.policy.weights), precision,
                                            2 * batch, longestSequence(rows), /*isTraining=*/false,
                                            models.reference ? 1 : 0})));
    TRY(DecoderWeights policy, DecoderWeights::load(models.policy, precision, /*isTrainable=*/false));
    Scoring scoring{std::move(policy), std::nullopt, std::move(data),
                    std::make_unique<TokenisedRows>(std::move(rows))};
    if (models.reference) {
        TRY(scoring.reference, DecoderWeights::load(*models.reference, precision, /*isTrainable=*/false));
    }
    return scoring;
}

/// Scores of one pair; `reference` may be null.
PairScore pairScore(const TokenPair& pair, std::size_t index, const BatchScores& policy,
                    const BatchScores* reference, double beta)
{
    PairScore score;
    score.row = pair.row;
    score.chosenTokens = static_cast<std::int64_t>(pair.chosen.predictedCompletionTokens());
    score.rejectedTokens = static_cast<std::int64_t>(pair.rejected.predictedCompletionTokens());
    score.chosenLogProb = policy.chosen[index];
    score.rejectedLogProb = policy.rejected[index];
    if (reference == nullptr) return score;
    score.referenceChosenLogProb = reference->chosen[index];
    score.referenceRejectedLogProb = reference->rejected[index];
    score.chosenReward = beta * (score.chosenLogProb - reference->chosen[index]);
    score.rejectedReward = beta * (score.rejectedLogProb - reference->rejected[index]);
    score.margin = *score.chosenReward - *score.rejectedReward;
    return score;
}

/// Scores the pairs first .. last-1.
Result<> scoreRange(const Scoring& scoring, std::uint32_t first, std::uint32_t last, double beta,
                    const ScoreSink& sink)
{
    std::vector<TokenPair> pairs;
    for (std::uint32_t i = first; i < last; ++i) {
        TRY(TokenPair pair, scoring.rows->pair(i));
        pairs.push_back(std::move(pair));
    }
    const BatchScores policy = scoresOf(scoring.policy, pairs);
    std::optional<BatchScores> reference;
    if (scoring.reference) reference = scoresOf(*scoring.reference, pairs);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        PairScore score = pairScore(pairs[i], i, policy, reference ? &*reference : nullptr, beta);
        score.sourceNumber = scoring.data.rows->sourceNumber(pairs[i].row);
        sink(score);
    }
    return {};
}

}  // namespace

PairLogProbs scoreBatch(const DecoderWeights& weights, std::span<const TokenPair> pairs)
{
    const at::NoGradGuard noGrad;
    const Batch batch = collate(pairs, BatchSides::Both);
    const auto sides = sequenceLogProbs(forwardBatch(weights, batch)).split(batch.pairs);  // (P), (P)
    return {sides.at(0), sides.at(1)};
}

Result<> scorePairs(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                    std::stop_token stop)
{
    if (request.batchSize < 1)
        return fail(ErrorCode::ParameterOutOfRange, {{"key", "batch_size"},
                                                     {"value", std::to_string(request.batchSize)},
                                                     {"range", "1 or above"}});
    return guarded([&]() -> Result<> {
        applyThreads(request.threads);
        TRY(const Scoring scoring, prepare(request, progress, stop));
        const std::uint32_t total = scoring.rows->size();
        const auto batch = static_cast<std::uint32_t>(std::min<std::int64_t>(request.batchSize, total));
        for (std::uint32_t first = 0; first < total; first += batch) {
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            const std::uint32_t last = std::min(total, first + batch);
            TRY_VOID(scoreRange(scoring, first, last, request.beta, sink));
            if (progress) progress("Scoring pairs", last, total);
        }
        return {};
    });
}

}  // namespace preflab
