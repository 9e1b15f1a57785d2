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
#include <ATen/ops/zeros_like.h>

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

/// The masks of a batch, which need no forward pass; the rest is undefined.
ForwardOutput masksOf(const Batch& batch, at::ScalarType type)
{
    const std::int64_t predicting = std::max<std::int64_t>(0, batch.ids.size(1) - 1);
    const std::int64_t second = std::min<std::int64_t>(1, batch.ids.size(1));
    const Tensor next = at::arange(1, predicting + 1, batch.ids.options());  // (T-1) position of the predicted token
    ForwardOutput masks;
    masks.completionMask = batch.labels.narrow(1, second, predicting).to(type);  // (B, T-1)
    masks.tokenMask = (next < batch.lengths.unsqueeze(1)).to(type);              // (B, T-1)
    return masks;
}

/// What the tokens of a batch say without a forward pass.
SequenceSums counted(const Batch& batch, const ForwardOutput& masks, const SumRequest& request)
{
    SequenceSums sums;
    sums.pairs = batch.pairs;
    sums.tokens = batch.tokens;
    sums.requested = request.sums;
    sums.labels = masks.completionMask.sum(1);
    sums.completion = batch.labels.sum(1).to(sums.labels.scalar_type());
    sums.predicted = masks.tokenMask.sum(1);
    return sums;
}

/// The statistics that sequences have besides their log-probabilities.
constexpr Tensor SequenceSums::*kNumbers[] = {
    &SequenceSums::labels,    &SequenceSums::completion, &SequenceSums::predicted,  &SequenceSums::entropy,
    &SequenceSums::meanLogit, &SequenceSums::top1,       &SequenceSums::logSquares, &SequenceSums::paddedMeanLogit};

/// The chosen sequence's number on both sides of an identical pair. (S) -> (S)
Tensor shareIdentical(const Tensor& values, const Batch& batch)
{
    if (batch.identical.empty()) return values;
    const Tensor identical = at::tensor(batch.identical, values.options().dtype(at::kLong));
    return values.index_copy(0, identical + batch.pairs, values.index_select(0, identical));
}

}  // namespace

Batch collate(std::span<const TokenPair> pairs, BatchSides sides, at::Device device)
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
    for (Tensor* tensor : {&batch.ids, &batch.lengths, &batch.labels}) *tensor = tensor->to(device);
    return batch;
}

Batch chunkOf(const Batch& batch, std::int64_t first, std::int64_t count)
{
    const auto rows = [&](const Tensor& whole) {
        const Tensor chosen = whole.narrow(0, first, count);
        return whole.size(0) > batch.pairs ? at::cat({chosen, whole.narrow(0, batch.pairs + first, count)}) : chosen;
    };
    Batch chunk{rows(batch.ids), rows(batch.lengths), rows(batch.labels), count, 0, {}};
    chunk.tokens = chunk.lengths.sum().item<std::int64_t>();
    for (const std::int64_t pair : batch.identical) {
        if (pair >= first && pair < first + count) chunk.identical.push_back(pair - first);
    }
    return chunk;
}

ForwardOutput forwardBatch(const DecoderWeights& weights, const Batch& batch, bool hasLogSquares)
{
    const std::int64_t predicting = std::max<std::int64_t>(0, batch.ids.size(1) - 1);
    const Tensor hidden = decoderHidden(weights, batch.ids, nullptr, batch.lengths).narrow(1, 0, predicting);
    const std::int64_t second = std::min<std::int64_t>(1, batch.ids.size(1));
    const Tensor nextIds = batch.ids.narrow(1, second, predicting);  // (B, T-1)
    const TokenStatistics statistics = tokenStatistics(weights, hidden, nextIds, kLogitChunkElements, hasLogSquares);

    ForwardOutput output = masksOf(batch, masterType(weights.placement.precision));
    output.logProbs = statistics.logProbs;
    output.entropy = statistics.entropy;
    output.meanLogit = statistics.meanLogit;
    output.isTop1 = statistics.isTop1;
    output.logSquares = statistics.logSquares;
    return output;
}

SequenceSums sequenceSums(const ForwardOutput& forward, const Batch& batch, const SumRequest& request)
{
    const Tensor& labels = forward.completionMask;
    SequenceSums result = counted(batch, forward, request);
    for (const TokenSum& sum : request.sums) {
        Tensor values = forward.logProbs * selectionMask(forward, batch, sum.selection);  // (B, T-1)
        if (sum.weight == TokenWeight::OwnProbability) values = values * forward.logProbs.detach().exp();
        result.logProbs.push_back(shareIdentical(values.sum(1), batch));
    }
    result.entropy = shareIdentical((forward.entropy * labels).sum(1), batch);
    result.meanLogit = shareIdentical((forward.meanLogit * labels).sum(1), batch);
    result.top1 = shareIdentical((forward.isTop1 * labels).sum(1), batch);
    if (request.hasLogSquares) result.logSquares = shareIdentical((forward.logSquares * labels).sum(1), batch);
    result.paddedMeanLogit = forward.meanLogit.mean(1);
    return result;
}

SequenceSums countsAlone(const Batch& batch, const SumRequest& request, at::ScalarType type)
{
    SequenceSums sums = counted(batch, masksOf(batch, type), request);
    const Tensor zeros = at::zeros_like(sums.labels);  // (S)
    sums.logProbs.assign(request.sums.size(), zeros);
    for (Tensor SequenceSums::*number : kNumbers) {
        const bool isWanted = number != &SequenceSums::logSquares || request.hasLogSquares;
        if (!(sums.*number).defined() && isWanted) sums.*number = zeros;
    }
    return sums;
}

SequenceSums joined(std::span<const SequenceSums> parts)
{
    const auto join = [&parts](auto&& pick) {
        std::vector<Tensor> halves[2];
        for (const SequenceSums& part : parts) {
            const PairTensors sides = part.sides(pick(part).detach());
            halves[0].push_back(sides.chosen);
            if (sides.rejected.defined()) halves[1].push_back(sides.rejected);
        }
        halves[0].insert(halves[0].end(), halves[1].begin(), halves[1].end());
        return at::cat(halves[0]);
    };
    SequenceSums whole;
    whole.requested = parts.front().requested;
    for (const SequenceSums& part : parts) {
        whole.pairs += part.pairs;
        whole.tokens += part.tokens;
    }
    for (std::size_t i = 0; i < whole.requested.size(); ++i)
        whole.logProbs.push_back(join([i](const SequenceSums& part) { return part.logProbs[i]; }));
    for (Tensor SequenceSums::*number : kNumbers) {
        if ((parts.front().*number).defined())
            whole.*number = join([number](const SequenceSums& part) { return part.*number; });
    }
    return whole;
}

}  // namespace preflab
