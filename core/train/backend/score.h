// SPDX-License-Identifier: GPL-3.0-or-later
// Log-probs of preference pairs under a model, with rewards where a reference is named.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/runs/backend.h"

#include <stop_token>

namespace preflab {

/// Tokenises the dataset by the request's recipe and hands the score of every usable pair, or of as many as the
/// request limits them to, to `sink`, in file order. What became of the rows comes back.
/// Errors of opening models and data, WrongColumns for rows that are no pairs, NoUsableRows, NoAnswerLeft, WrongUse when the reference has another
/// tokenizer or the recipe no pairs, TooLittleMemory, Cancelled.
Result<RowCounts> scorePairs(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                             std::stop_token stop);

}  // namespace preflab
