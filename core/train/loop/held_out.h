// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics on which methods may be compared: log-probs of held-out pairs, whatever the method and its loss.
#pragma once

#include "core/plan/metric_values.h"
#include "core/runs/backend.h"
#include "core/text/recipe.h"
#include "core/train/engine/sequence_sums.h"

#include <cstdint>
#include <span>
#include <vector>

namespace preflab {

/// Summed completion log-probs of held-out pairs in nats, in the order of their source, with token counts.
struct HeldOutLogProbs {
    std::vector<double> chosen, rejected;              ///< sums over the completion
    std::vector<double> chosenTokens, rejectedTokens;  ///< predicted completion tokens

    /// Appends a batch.
    void add(std::span<const TokenPair> pairs, const PairTensors& sums);
};

/// heldout/* of `now` against the starting weights' `start` (the same pairs). All are means over pairs, so that every
/// pair counts alike, except heldout/nll_chosen, which is a mean over all chosen completion tokens. heldout/drift_* is
/// the mean over pairs of the log-ratio to the starting weights per token: 0 before the first step.
NamedValues heldOutMetrics(const HeldOutLogProbs& now, const HeldOutLogProbs& start);

/// What they mean.
const std::vector<MetricDescription>& heldOutDescriptions();

}  // namespace preflab
