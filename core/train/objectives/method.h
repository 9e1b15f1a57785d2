// SPDX-License-Identifier: GPL-3.0-or-later
// Training methods: table entries that say how to tokenise, whether there is a reference, which loss terms are
// added, how accumulation divides, what is logged and which defaults hold. The loop reads the entry; it never asks
// which method it is. Adding one is one file in core/train/methods that defines `method_<stem>`.
#pragma once

#include "core/runs/backend.h"
#include "core/train/objectives/loss.h"
#include "core/train/tensor.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// What one forward pass over a micro-batch gives the method, for B = 2P (pairs) or B = P (SFT) sequences.
/// Positions are predicting ones: index t predicts token t+1, so there are T-1 of them.
struct ForwardOutput {
    Tensor logProbs;          // (B, T-1) log p of the next token, with gradient
    Tensor completionMask;    // (B, T-1) 1 where the next token belongs to the completion
    Tensor tokenMask;         // (B, T-1) 1 where the next token is not padding
    Tensor entropy;           // (B, T-1) nats, no gradient
    Tensor meanLogit;         // (B, T-1) mean over the vocabulary, no gradient, padded positions included
    Tensor isTop1;            // (B, T-1) 1 where the next token has the highest logit, no gradient
    std::int64_t pairs = 0;   ///< P
    std::int64_t tokens = 0;  ///< tokens of all sequences, padding left out
};

/// Divisor of gradients over an accumulation group.
enum class AccumulationDivisor {
    MicroBatches,  ///< DPO, ORPO: mean of the micro-batches' means (trl-spec section 3)
    LabelTokens,   ///< SFT: sum over the group's label tokens, divided by their number (trl-spec 7.4)
};

/// One logged number of a micro-batch.
struct StepMetric {
    /// How a point of the curve comes from micro-batches.
    enum class Kind {
        Mean,   ///< plain mean of the micro-batches' values, as TRL's log takes it
        Total,  ///< running total over all training micro-batches so far
    };
    std::string key;  ///< TRL's name
    double value = 0.0;
    Kind kind = Kind::Mean;
};

/// What a step of a method gives the loop.
struct StepOutput {
    Tensor loss;                      // () a mean (MicroBatches) or a sum over label tokens (LabelTokens)
    std::vector<StepMetric> metrics;  ///< this micro-batch's values
};

/// A loss as part of a method's sum.
struct LossTerm {
    const LossInfo* loss = nullptr;
    double weight = 1.0;
};

/// One method.
struct MethodInfo {
    std::string id;  ///< "dpo"
    std::string title;
    std::string paper{};
    std::string help{};
    std::string recipe;  ///< id of a RecipeInfo
    bool needsReference = false;
    bool hasRejected = true;  ///< pairs; false: one sequence a row (SFT)
    AccumulationDivisor divisor = AccumulationDivisor::MicroBatches;
    /// Its own parameters, those of its losses included.
    std::vector<ParamSpec> (*params)() = nullptr;
    /// The pairwise losses that add up under `params`; empty for a method without any.
    std::vector<LossTerm> (*terms)(const ParamValues& params) = nullptr;
    ParamValues defaults{};  ///< of training parameters where they differ
    std::vector<MetricDescription> metrics{};
    /// Loss and metrics of one micro-batch. `reference` holds summed log-probs if needsReference.
    StepOutput (*step)(const ForwardOutput& forward, const PairLogProbs& reference,
                       const ParamValues& params) = nullptr;
};

/// All methods, in order of their file names.
std::span<const MethodInfo* const> methods();
/// The method of that id; UnknownMethod lists the others.
Result<const MethodInfo*> findMethod(std::string_view id);

/// Weighted sum of the method's pairwise losses at `margin`, in double; WrongUse if it has none.
Result<double> methodCurve(const MethodInfo& method, const ParamValues& params, double margin);

}  // namespace preflab
