// SPDX-License-Identifier: GPL-3.0-or-later
// What an objective asks an engine for and gets: sums over the tokens of each sequence. An objective never sees a
// token, a position or padding, so an engine may lay them out as it likes.
#pragma once

#include "core/train/tensor.h"

#include <cstdint>
#include <span>
#include <vector>

namespace preflab {

/// Which tokens of a sequence a sum runs over. Only tokens that have a prediction count: token 0 has none.
enum class TokenSelection {
    Labels,           ///< the completion
    Predicted,        ///< every token, the prompt's included (ORPO's likelihood, trl-spec 2.3)
    MatchedLabels,    ///< the first min(n_c, n_r) labels of either side of a pair (`ld_alpha`, trl-spec 1.5)
    UnmatchedLabels,  ///< the labels after those
};

/// What a token's log-probability is multiplied by.
enum class TokenWeight {
    One,
    OwnProbability,  ///< p(y), without gradient (DFT, trl-spec 7.4)
};

/// One sum of weighted log-probabilities.
struct TokenSum {
    TokenSelection selection = TokenSelection::Labels;
    TokenWeight weight = TokenWeight::One;
    bool operator==(const TokenSum&) const = default;
};

/// The sum over all labels, which rewards, references and held-out measures are made of.
inline constexpr TokenSum kLabelSum{};

/// What is asked for of every sequence.
struct SumRequest {
    std::vector<TokenSum> sums;
    bool hasLogSquares = false;  ///< SequenceSums::logSquares as well
};

/// The sum over all labels alone.
inline const SumRequest kLabelSumOnly{{kLabelSum}, false};

/// The chosen and the rejected part of something that every sequence has.
struct PairTensors {
    Tensor chosen;    // (P)
    Tensor rejected;  // (P); undefined where a batch has chosen sides only
};

/// The sequences of one batch in numbers: S = 2P, the chosen sides first, or S = P where there are no rejected ones. All
/// tensors are float32 (float64 in fp64 runs). Of a pair whose sides are the same tokens, both sides have the
/// chosen one's numbers, to the last bit.
struct SequenceSums {
    std::int64_t pairs = 0;           ///< P
    std::int64_t tokens = 0;          ///< of all sequences
    std::vector<TokenSum> requested;  ///< in the order of `logProbs`
    std::vector<Tensor> logProbs;     // (S) each, in nats; leaves with gradient inside Engine::accumulate

    Tensor labels;      // (S) labels: what means per token divide by
    Tensor completion;  // (S) tokens of the completion, those without prediction included (IPO, trl-spec 1.7)
    Tensor predicted;   // (S) tokens with a prediction

    Tensor entropy;    // (S) nats, summed over the labels
    Tensor meanLogit;  // (S) mean over the vocabulary, summed over the labels
    Tensor top1;       // (S) labels that have the highest logit
    // (S) log of the vocabulary's summed squared probabilities, summed over the labels (WPO, trl-spec 1.7); undefined
    // unless it was asked for
    Tensor logSquares;
    // (S) mean over the vocabulary and over all positions of TRL's padded batch, padding included: what ORPO's
    // logits/* are made of (trl-spec 2.4)
    Tensor paddedMeanLogit;

    /// The tensor of `sum`, which was requested.
    const Tensor& of(const TokenSum& sum) const;
    /// The two halves of a tensor (S).
    PairTensors sides(const Tensor& values) const;
};

}  // namespace preflab
