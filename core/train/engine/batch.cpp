// SPDX-License-Identifier: GPL-3.0-or-later
// Collation and the forward pass of a micro-batch.
#include "core/train/engine/batch.h"

#include "core/train/engine/log_probs.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace preflab {

Batch collate(std::span<const TokenPair> pairs, BatchSides sides)
{
    std::vector<const TokenSequence*> sequences;
    for (const TokenPair& pair : pairs) sequences.push_back(&pair.chosen);
    if (sides == BatchSides::Both)
        for (const TokenPair& pair : pairs) sequences.push_back(&pair.rejected);

    std::size_t longest = 0;
    for (const TokenSequence* sequence : sequences) longest = std::max(longest, sequence->ids.size());
    const auto count = static_cast<std::int64_t>(sequences.size());

    Batch batch;
    batch.pairs = static_cast<std::int64_t>(pairs.size());
    batch.ids = at::zeros({count, static_cast<std::int64_t>(longest)}, at::kLong);  // (B, T)
    batch.lengths = at::empty({count}, at::kLong);
    batch.labels = at::zeros(batch.ids.sizes(), at::kBool);  // (B, T)
    auto* const ids = batch.ids.mutable_data_ptr<std::int64_t>();
    auto* const labels = batch.labels.mutable_data_ptr<bool>();
    for (std::size_t row = 0; row < sequences.size(); ++row) {
        const TokenSequence& sequence = *sequences[row];
        std::copy(sequence.ids.begin(), sequence.ids.end(), ids + row * longest);
        batch.lengths.mutable_data_ptr<std::int64_t>()[row] = static_cast<std::int64_t>(sequence.ids.size());
        for (const LabelRun& run : sequence.labels)
            std::fill(labels + row * longest + run.begin, labels + row * longest + run.end, true);
        batch.tokens += static_cast<std::int64_t>(sequence.ids.size());
    }
    return batch;
}

ForwardOutput forwardBatch(const DecoderWeights& weights, const Batch& batch)
{
    const std::int64_t predicting = std::max<std::int64_t>(0, batch.ids.size(1) - 1);
    const Tensor hidden = decoderHidden(weights, batch.ids, nullptr, batch.lengths).narrow(1, 0, predicting);
    const std::int64_t second = std::min<std::int64_t>(1, batch.ids.size(1));
    const Tensor nextIds = batch.ids.narrow(1, second, predicting);          // (B, T-1)
    const Tensor isCompletion = batch.labels.narrow(1, second, predicting);  // (B, T-1)
    const TokenStatistics statistics = tokenStatistics(weights, hidden, nextIds);

    const Tensor next = at::arange(1, predicting + 1, at::kLong);  // (T-1) position of the predicted token
    const Tensor isToken = next < batch.lengths.unsqueeze(1);      // (B, T-1)
    const at::ScalarType type = masterType(weights.precision);

    ForwardOutput output;
    output.logProbs = statistics.logProbs;
    output.completionMask = isCompletion.to(type);
    output.tokenMask = isToken.to(type);
    output.entropy = statistics.entropy;
    output.meanLogit = statistics.meanLogit;
    output.isTop1 = statistics.isTop1;
    output.pairs = batch.pairs;
    output.tokens = batch.tokens;
    return output;
}

Tensor sequenceLogProbs(const ForwardOutput& forward)
{
    return (forward.logProbs * forward.completionMask).sum(1);  // (B)
}

Tensor completionCounts(const ForwardOutput& forward)
{
    return forward.completionMask.sum(1);  // (B)
}

}  // namespace preflab
