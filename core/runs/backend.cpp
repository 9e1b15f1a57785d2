// SPDX-License-Identifier: GPL-3.0-or-later
// The little behaviour that the contract's structs have.
#include "core/runs/backend.h"

#include <algorithm>

namespace preflab {

std::uint64_t MemoryParts::total() const
{
    return program + weights + gradients + optimizer + activations + reference;
}

std::optional<double> PairScore::logRatioMargin() const
{
    if (!referenceChosenLogProb || !referenceRejectedLogProb) return std::nullopt;
    return (chosenLogProb - *referenceChosenLogProb) - (rejectedLogProb - *referenceRejectedLogProb);
}

bool ParityReport::isWithin() const
{
    return !rows.empty() && std::ranges::all_of(rows, &ParityRow::isWithin);
}

}  // namespace preflab
