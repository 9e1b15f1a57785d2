// SPDX-License-Identifier: GPL-3.0-or-later
// Log-odds of sequences from their mean log-probability per token: what ORPO's loss and the held-out metric
// `heldout/log_odds` share (arXiv:2403.07691, eqs. 4 and 7).
#pragma once

#include "core/train/tensor.h"

namespace preflab {

/// Largest mean log-probability that log1mExp looks at. Above it a model is certain of an answer to within
/// float32's precision; the clamp keeps value and gradient finite there, up to and including 0.
inline constexpr double kCertainLogProb = -1e-8;

/// log(1 - exp(x)) for x <= 0, element by element, finite with a finite gradient for every x <= 0.
Tensor log1mExp(const Tensor& x);
/// The same of one number.
double log1mExp(double x);

/// log(odds(chosen) / odds(rejected)), odds(P) = P / (1 - P), of mean log-probabilities per token: (P), (P) -> (P).
Tensor logOddsRatio(const Tensor& chosenMean, const Tensor& rejectedMean);
/// The same of one pair.
double logOddsRatio(double chosenMean, double rejectedMean);

}  // namespace preflab
