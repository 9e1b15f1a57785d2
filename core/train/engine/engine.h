// SPDX-License-Identifier: GPL-3.0-or-later
// The step contract between objectives and the network. Nobody but an engine calls the forward pass, and nobody but an
// engine knows how sequences are laid out.
#pragma once

#include "core/plan/metric_values.h"
#include "core/text/recipe.h"
#include "core/train/engine/sequence_sums.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace preflab {

/// Which sides of the pairs become sequences.
enum class BatchSides { Both, ChosenOnly };

/// One of TRL's per-device batches: what means and sorting refer to. An engine may cut it into pieces.
struct PairBatch {
    std::span<const TokenPair> pairs;
    BatchSides sides = BatchSides::Both;
};

/// Log-probabilities of a pair's tokens in nats. Entry t is that of token t + 1: token 0 has no prediction.
struct PairTokenLogProbs {
    std::vector<double> chosen, rejected;
};

/// What an objective makes of a batch.
struct ObjectiveOutput {
    Tensor loss;                      // () this batch's share of its accumulation group's loss
    std::vector<StepMetric> metrics;  ///< this batch's values
};

/// What a batch adds to a step.
struct BatchShare {
    double loss = 0.0;  ///< its share of the step's loss
    std::vector<StepMetric> metrics;
    std::int64_t tokens = 0;  ///< of all sequences
};

/// Matrix products of an evaluation.
enum class Products {
    AsTrained,  ///< as in training
    Unrounded,  ///< in the weights' own dtype, so that runs of every precision are measured alike
};

/// What an engine minimises.
struct SumObjective {
    /// Loss and metrics from sums; the loss depends on `logProbs` of its argument. May be called several times for one
    /// batch; the last call's metrics count.
    std::function<ObjectiveOutput(const SequenceSums&)> evaluate;
    /// The derivative by one pair's sums depends on those of others (AOT sorts over the batch). Otherwise it depends on
    /// nothing of others but their token counts.
    bool couplesPairs = false;
};

/// A text that is being continued.
class Generation {
public:
    virtual ~Generation() = default;
    /// Reads further tokens, at least one, and gives the logits of the one behind them: (vocabulary).
    virtual std::vector<double> next(std::span<const TokenId> ids) = 0;
};

/// The network behind sums over tokens. Used by one thread.
class Engine {
public:
    virtual ~Engine() = default;

    /// Matrix products are rounded below the dtype of the parameters.
    virtual bool isRounded() const = 0;
    /// Sums of a batch without gradients: references and held-out measures.
    virtual SequenceSums evaluate(const PairBatch& batch, const SumRequest& request,
                                  Products products = Products::AsTrained) = 0;
    /// Log-probabilities token by token, for scores and for whoever looks at tokens. Of a pair whose sides are the same
    /// tokens, both sides have the same numbers. `rejected` is empty where a batch has chosen sides only.
    virtual std::vector<PairTokenLogProbs> tokenLogProbs(const PairBatch& batch) = 0;
    /// Adds the gradients of the objective to those of the parameters, in two stages: the sums of the batch, of which the
    /// objective makes a loss; then its derivative by each sum of each sequence becomes gradients of the parameters.
    /// Nothing more is added once a loss is not finite.
    virtual BatchShare accumulate(const PairBatch& batch, const SumRequest& request, const SumObjective& objective) = 0;
    /// Begins a text; it does not outlive the engine.
    virtual std::unique_ptr<Generation> generate() = 0;
    /// Tokens that prompt and answer may have together.
    virtual std::int64_t maxPositions() const = 0;
    /// The parameters have been changed: whatever was derived from them is made anew.
    virtual void parametersChanged() = 0;
};

}  // namespace preflab
