// SPDX-License-Identifier: GPL-3.0-or-later
// Training methods: table entries that say how to tokenise, whether there is a reference, which sums over tokens are
// needed, which loss terms are added, how accumulation divides, what is logged and which defaults hold. The loop reads
// the entry; it never asks which method it is. Adding one is one file in core/train/objectives/methods that defines
// `method_<stem>`.
#pragma once

#include "core/runs/backend.h"
#include "core/train/engine/engine.h"
#include "core/train/objectives/loss.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Divisor of gradients over an accumulation group.
enum class AccumulationDivisor {
    Batches,      ///< DPO, ORPO: mean of the batches' means (trl-spec section 3)
    LabelTokens,  ///< SFT: sum over the group's label tokens, divided by their number (trl-spec 7.4)
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
    AccumulationDivisor divisor = AccumulationDivisor::Batches;
    /// Its own parameters, those of its losses included.
    std::vector<ParamSpec> (*params)() = nullptr;
    /// The pairwise losses that add up under `params`; empty for a method without any.
    std::vector<LossTerm> (*terms)(const ParamValues& params) = nullptr;
    ParamValues defaults{};  ///< of training parameters where they differ
    std::vector<MetricDescription> metrics{};
    /// What `evaluate` looks at; kLabelSum among it if there are rejected sides.
    SumRequest (*sums)(const ParamValues& params) = nullptr;
    /// Log-probs of a batch's answers as policy and reference are compared by; there if needsReference.
    PairTensors (*answerLogProbs)(const SequenceSums& sums, const ParamValues& params) = nullptr;
    /// The parameters that `answerLogProbs` reads, which therefore decide what a reference gives.
    std::vector<std::string> answerParams{};
    /// Loss and metrics of one batch; the loss is a mean (Batches) or a sum over label tokens (LabelTokens).
    /// `reference` holds the frozen reference's `answerLogProbs` if needsReference.
    ObjectiveOutput (*evaluate)(const SequenceSums& policy, const PairTensors& reference,
                                const ParamValues& params) = nullptr;
};

/// All methods, in order of their file names.
std::span<const MethodInfo* const> methods();
/// The method of that id; UnknownMethod lists the others.
Result<const MethodInfo*> findMethod(std::string_view id);

/// Weighted sum of the method's pairwise losses at `margin`, in double; WrongUse if it has none.
Result<double> methodCurve(const MethodInfo& method, const ParamValues& params, double margin);

}  // namespace preflab
