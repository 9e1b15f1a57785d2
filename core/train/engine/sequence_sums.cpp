// SPDX-License-Identifier: GPL-3.0-or-later
// Finding a sum, and the sides of a batch.
#include "core/train/engine/sequence_sums.h"

#include <algorithm>

namespace preflab {

const Tensor& SequenceSums::of(const TokenSum& sum) const
{
    return logProbs.at(static_cast<std::size_t>(std::ranges::find(requested, sum) - requested.begin()));
}

PairTensors SequenceSums::sides(const Tensor& values) const
{
    const Tensor chosen = values.narrow(0, 0, pairs);
    return {chosen, values.size(0) > pairs ? values.narrow(0, pairs, pairs) : Tensor()};
}

}  // namespace preflab
