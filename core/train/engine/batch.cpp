// SPDX-License-Identifier: GPL-3.0-or-later
// Collation, the forward pass of a batch, and its sums.
#include "core/train/engine/batch.h"

#include "core/train/engine/log_probs.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace preflab {

namespace {

/// 1 where the next token is selected. (B, T-1)
Tensor selectionMask(const ForwardOutput& forward, const Batch& batch, TokenSelection selection)
{
    const Tensor& labels = forward.completionMask;
    if (selection == TokenSelection::Labels) return labels;
    if (selection == TokenSelection::Predicted) return forward.tokenMask;
    const Tensor counts = labels.sum(1);  // (B)
    const bool hasRejected = counts.size(0) > batch.pairs;
    const Tensor shorter =
        hasRejected ? at::minimum(counts.narrow(0, 0, batch.pairs), counts.narrow(0, batch.pairs, batch.pairs))
                    : counts;                                                                     // (P)
    const Tensor limits = hasRejected ? at::cat({shorter, shorter}) : shorter;                    // (B)
    const Tensor isMatched = (labels.cumsum(1) <= limits.unsqueeze(1)).to(labels.scalar_type());  // (B, T-1)
    return labels * (selection == TokenSelection::MatchedLabels ? isMatched : 1.0 - isMatched);
}

/// The chosen sequence's number on both sides of an identical pair. (S) -> (S)
Tensor shareIdentical(const Tensor& values, const Batch& batch)
{
    if (batch.identical.empty()) return values;
    const Tensor identical = at::tensor(batch.identical, values.options().dtype(at::kLong));
    return values.index_copy(0, identical + batch.pairs, values.index_select(0, identical));
}

}  // namespace

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
    for (std::size_t i = 0; sides == BatchSides::Both && i < pairs.size(); ++i) {
        if (pairs[i].chosen == pairs[i].rejected) batch.identical.push_back(static_cast<std::int64_t>(i));
    }
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

    const Tensor next = at::arange(1, predicting + 1, batch.ids.options());  // (T-1) position of the predicted token
    const Tensor isToken = next < batch.lengths.unsqueeze(1);                // (B, T-1)
    const at::ScalarType type = masterType(weights.precision);

    ForwardOutput output;
    output.logProbs = statistics.logProbs;
    output.completionMask = isCompletion.to(type);
    output.tokenMask = isToken.to(type);
    output.entropy = statistics.entropy;
    output.meanLogit = statistics.meanLogit;
    output.isTop1 = statistics.isTop1;
    return output;
}

SequenceSums sequenceSums(const ForwardOutput& forward, const Batch& batch, std::span<const TokenSum> sums)
{
    const Tensor& labels = forward.completionMask;
    SequenceSums result;
    result.pairs = batch.pairs;
    result.tokens = batch.tokens;
    result.requested.assign(sums.begin(), sums.end());
    for (const TokenSum& sum : sums) {
        Tensor values = forward.logProbs * selectionMask(forward, batch, sum.selection);  // (B, T-1)
        if (sum.weight == TokenWeight::OwnProbability) values = values * forward.logProbs.detach().exp();
        result.logProbs.push_back(shareIdentical(values.sum(1), batch));
    }
    result.labels = labels.sum(1);
    result.completion = batch.labels.sum(1).to(labels.scalar_type());
    result.predicted = forward.tokenMask.sum(1);
    result.entropy = shareIdentical((forward.entropy * labels).sum(1), batch);
    result.meanLogit = shareIdentical((forward.meanLogit * labels).sum(1), batch);
    result.top1 = shareIdentical((forward.isTop1 * labels).sum(1), batch);
    result.paddedMeanLogit = forward.meanLogit.mean(1);
    return result;
}

}  // namespace preflab
