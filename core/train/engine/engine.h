// SPDX-License-Identifier: GPL-3.0-or-later
// The step contract between objectives and the network. Nobody but an engine calls the forward pass, and nobody but an
// engine knows how sequences are laid out.
#pragma once

#include "core/plan/metric_values.h"
#include "core/text/recipe.h"
#include "core/train/engine/sequence_sums.h"

#include <cstdint>
#include <functional>
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

/// The network behind sums over tokens. Used by one thread.
class Engine {
public:
    /// Loss and metrics from sums; the loss depends on `logProbs` of its argument.
    using SumObjective = std::function<ObjectiveOutput(const SequenceSums&)>;

    virtual ~Engine() = default;

    /// Matrix products are rounded below the dtype of the parameters.
    virtual bool isRounded() const = 0;
    /// Sums of a batch without gradients: references, held-out measures, scores.
    virtual SequenceSums evaluate(const PairBatch& batch, std::span<const TokenSum> sums,
                                  Products products = Products::AsTrained) = 0;
    /// Adds the gradients of the objective to those of the parameters, in two stages: the sums of the batch, of which the
    /// objective makes a loss; then its derivative by each sum of each sequence becomes gradients of the parameters.
    /// A loss that is not finite adds nothing.
    virtual BatchShare accumulate(const PairBatch& batch, std::span<const TokenSum> sums,
                                  const SumObjective& objective) = 0;
    /// The parameters have been changed: whatever was derived from them is made anew.
    virtual void parametersChanged() = 0;
};

}  // namespace preflab
