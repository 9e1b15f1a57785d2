// SPDX-License-Identifier: GPL-3.0-or-later
// Log-probs of preference pairs under a model, with rewards where a reference is named.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/runs/backend.h"
#include "core/text/pair_source.h"
#include "core/train/decoder_forward.h"
#include "core/train/objectives/loss.h"

#include <span>
#include <stop_token>

namespace preflab {

/// Summed completion log-probs of `pairs` without gradients: tensors (P), float32 (float64 in fp64 runs). The same
/// kernels as in training, so that policy minus reference is exactly 0 for equal weights.
PairLogProbs scoreBatch(const DecoderWeights& weights, std::span<const TokenPair> pairs);

/// Tokenises the dataset by the request's recipe and hands the score of every usable pair, or of as many as the
/// request limits them to, to `sink`, in file order. What became of the rows comes back.
/// Errors of opening models and data, WrongColumns for rows that are no pairs, NoUsableRows, NoAnswerLeft, WrongUse when the reference has another
/// tokenizer or the recipe no pairs, TooLittleMemory, Cancelled.
Result<RowCounts> scorePairs(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                             std::stop_token stop);

}  // namespace preflab
