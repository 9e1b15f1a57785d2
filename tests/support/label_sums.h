// SPDX-License-Identifier: GPL-3.0-or-later
// Sums of a batch by the readable engine, without gradients. Include before Qt.
#pragma once

#include "core/train/engine/readable_engine.h"

#include <span>

namespace preflab::test {

/// Log-probs of both sides' completions: (P) each.
inline PairTensors labelSums(const DecoderWeights& weights, std::span<const TokenPair> pairs)
{
    const SequenceSums sums = makeReadableEngine(weights)->evaluate({pairs}, kLabelSumOnly);
    return sums.sides(sums.of(kLabelSum));
}

}  // namespace preflab::test
