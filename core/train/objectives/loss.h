// SPDX-License-Identifier: GPL-3.0-or-later
// Preference losses: pure functions of sequence log-probabilities that methods compose. Adding one is one file in
// core/train/objectives/losses that defines `loss_<stem>`.
#pragma once

#include "core/base/schema.h"
#include "core/train/engine/sequence_sums.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Log-probabilities of a batch's pairs in nats.
struct LogProbs {
    PairTensors sum;   // (P) over the completion
    PairTensors mean;  // (P) per label token
};

/// What a loss may look at. All tensors share device and dtype (float32, or float64 for fp64 runs).
struct LossInput {
    LogProbs policy;          ///< with gradient
    LogProbs reference;       ///< under the frozen reference; undefined for reference-free losses
    PairTensors completion;   // (P) tokens of the answers, as IPO counts them (trl-spec 1.7)
    Tensor pairWeights = {};  // (P) what the losses' means multiply each pair's loss by, no gradient; undefined: 1
};

/// What a loss gives back.
struct LossOutput {
    Tensor perPair;  // (P) to be averaged over the batch
};

/// One loss.
struct LossInfo {
    std::string id;  ///< TRL's `loss_type`
    std::string title;
    std::string paper{};  ///< "arXiv:2305.18290"
    std::string help{};
    bool isReferenceFree = false;
    bool couplesPairs = false;  ///< what pulls a pair depends on the others of its batch (AOT)
    std::vector<ParamSpec> params{};
    LossOutput (*compute)(const LossInput& input, const ParamValues& params) = nullptr;
    /// The same loss of one pair in double precision as a function of its margin (DPO: log-ratio difference
    /// before beta; ORPO: log-odds): the preview's curve and the tests' oracle.
    double (*curve)(double margin, const ParamValues& params) = nullptr;
};

/// All losses, in order of their file names.
std::span<const LossInfo* const> losses();
/// The loss of that id, or nullptr.
const LossInfo* findLoss(std::string_view id);

/// The number under `key` of completed parameters.
double numberOf(const ParamValues& params, std::string_view key);

/// -log(sigmoid(x)) = log(1 + exp(-x)) without overflow: the scalar shape behind the pairwise losses.
double negativeLogSigmoid(double x);

}  // namespace preflab
