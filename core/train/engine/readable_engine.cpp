// SPDX-License-Identifier: GPL-3.0-or-later
// Sums by one forward pass, gradients by autograd.
#include "core/train/engine/readable_engine.h"

#include "core/train/engine/batch.h"
#include "core/train/engine/numbers.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace preflab {
namespace {

/// Keeps keys and values of the tokens read so far.
class CachedGeneration final : public Generation {
public:
    explicit CachedGeneration(const DecoderWeights& weights) : m_weights(weights) {}

    std::vector<double> next(std::span<const TokenId> ids) override
    {
        const c10::NoGradGuard noGrad;
        const Tensor row = rowOf(ids).to(deviceOf(m_weights.placement));                                    // (1, T)
        return numbersOf(decoderLogits(m_weights, decoderHidden(m_weights, row, &m_cache).select(1, -1)));  // (1, V)
    }

private:
    const DecoderWeights& m_weights;
    KeyValueCache m_cache;
};

/// Pairs `first` up to `first + count` of a batch.
struct Chunk {
    Batch batch;
    std::int64_t first = 0;
};

/// A batch in pieces of `pairs` pairs; 0: in one.
std::vector<Chunk> chunksOf(const Batch& batch, std::int64_t pairs)
{
    if (pairs <= 0 || batch.pairs <= pairs) return {{batch, 0}};
    std::vector<Chunk> chunks;
    for (std::int64_t first = 0; first < batch.pairs; first += pairs)
        chunks.push_back({chunkOf(batch, first, std::min(pairs, batch.pairs - first)), first});
    return chunks;
}

/// Stage 2: the derivative of the loss by each sum, times the derivative of the sum by the parameters. `graphs` are a
/// chunk's sums with their graphs, `leaves` the batch's sums behind the objective's backward pass.
void addGradients(const SequenceSums& graphs, const SequenceSums& leaves, std::int64_t firstPair)
{
    Tensor total = at::zeros({}, leaves.labels.options());
    for (std::size_t i = 0; i < graphs.logProbs.size(); ++i) {
        if (!leaves.logProbs[i].grad().defined()) continue;
        const PairTensors all = leaves.sides(leaves.logProbs[i].grad());
        const Tensor chosen = all.chosen.narrow(0, firstPair, graphs.pairs);  // (chunk's pairs)
        const Tensor slopes = all.rejected.defined()
                                  ? at::cat({chosen, all.rejected.narrow(0, firstPair, graphs.pairs)})
                                  : chosen;  // (chunk's sequences)
        total = total + (graphs.logProbs[i] * slopes).sum();
    }
    if (total.requires_grad()) total.backward();
}

class ReadableEngine final : public Engine {
public:
    ReadableEngine(const DecoderWeights& weights, std::int64_t chunkPairs)
        : m_weights(weights), m_unrounded(weights), m_chunkPairs(chunkPairs)
    {
        if (isBFloat16(m_unrounded)) m_unrounded.placement.precision = Precision::Float32;
    }

    bool isRounded() const override { return isBFloat16(m_weights); }

    SequenceSums evaluate(const PairBatch& pairs, const SumRequest& request, Products products) override
    {
        const c10::NoGradGuard noGrad;
        const Batch batch = collated(pairs);
        const DecoderWeights& weights = products == Products::Unrounded ? m_unrounded : m_weights;
        return sequenceSums(forwardBatch(weights, batch, request.hasLogSquares), batch, request);
    }

    std::vector<PairTokenLogProbs> tokenLogProbs(const PairBatch& pairs) override
    {
        const c10::NoGradGuard noGrad;
        const Tensor logProbs = forwardBatch(m_weights, collated(pairs)).logProbs;  // (B, T-1)
        const auto ofRow = [&](std::size_t row, const TokenSequence& sequence) {
            const auto count = std::max<std::int64_t>(0, std::ssize(sequence.ids) - 1);
            return numbersOf(logProbs[static_cast<std::int64_t>(row)].narrow(0, 0, count));
        };
        std::vector<PairTokenLogProbs> result(pairs.pairs.size());
        for (std::size_t i = 0; i < result.size(); ++i) {
            const TokenPair& pair = pairs.pairs[i];
            result[i].chosen = ofRow(i, pair.chosen);
            if (pairs.sides == BatchSides::Both)
                result[i].rejected =
                    pair.chosen == pair.rejected ? result[i].chosen : ofRow(result.size() + i, pair.rejected);
        }
        return result;
    }

    BatchShare accumulate(const PairBatch& pairs, const SumRequest& request, const SumObjective& objective) override
    {
        const Batch batch = collated(pairs);
        const std::vector<Chunk> chunks = chunksOf(batch, m_chunkPairs);
        return objective.couplesPairs && chunks.size() > 1 ? accumulateTwice(chunks, request, objective)
                                                           : accumulateOnce(chunks, request, objective);
    }

    std::unique_ptr<Generation> generate() override { return std::make_unique<CachedGeneration>(m_weights); }
    std::int64_t maxPositions() const override { return m_weights.decoder.maxPositions; }
    void parametersChanged() override {}  // nothing is derived from them

private:
    static bool isBFloat16(const DecoderWeights& weights) { return weights.placement.precision == Precision::BFloat16; }
    Batch collated(const PairBatch& pairs) const
    {
        return collate(pairs.pairs, pairs.sides, deviceOf(m_weights.placement));
    }
    SequenceSums sumsOf(const Batch& batch, const SumRequest& request) const
    {
        return sequenceSums(forwardBatch(m_weights, batch, request.hasLogSquares), batch, request);
    }

    /// Stage 1 ends here: the objective sees numbers, and its derivatives stop at them. False for a loss that is not
    /// finite.
    static bool differentiate(const SumObjective& objective, SequenceSums& leaves, BatchShare& share)
    {
        for (Tensor& sum : leaves.logProbs) sum.requires_grad_(true);
        ObjectiveOutput output = objective.evaluate(leaves);
        share = {output.loss.item().toDouble(), std::move(output.metrics), leaves.tokens};
        if (!std::isfinite(share.loss)) return false;
        output.loss.backward();
        return true;
    }

    /// One forward pass a chunk. The objective needs no other chunk's sums for this one's derivatives, so those that
    /// are yet to come stand as zeros; with the last chunk its loss and metrics are the batch's.
    BatchShare accumulateOnce(const std::vector<Chunk>& chunks, const SumRequest& request,
                              const SumObjective& objective) const
    {
        std::vector<SequenceSums> parts;
        for (const Chunk& chunk : chunks)
            parts.push_back(countsAlone(chunk.batch, request, masterType(m_weights.placement.precision)));
        BatchShare share;
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            const SequenceSums graphs = sumsOf(chunks[i].batch, request);
            parts[i] = joined({&graphs, 1});
            SequenceSums leaves = joined(parts);
            if (!differentiate(objective, leaves, share)) return share;
            addGradients(graphs, leaves, chunks[i].first);
        }
        return share;
    }

    /// All sums first, without graphs; then every chunk's forward pass again for its gradients.
    BatchShare accumulateTwice(const std::vector<Chunk>& chunks, const SumRequest& request,
                               const SumObjective& objective) const
    {
        std::vector<SequenceSums> parts;
        for (const Chunk& chunk : chunks) {
            const c10::NoGradGuard noGrad;
            parts.push_back(sumsOf(chunk.batch, request));
        }
        SequenceSums leaves = joined(parts);
        BatchShare share;
        if (!differentiate(objective, leaves, share)) return share;
        for (const Chunk& chunk : chunks) addGradients(sumsOf(chunk.batch, request), leaves, chunk.first);
        return share;
    }

    DecoderWeights m_weights, m_unrounded;
    std::int64_t m_chunkPairs;
};

}  // namespace

std::unique_ptr<Engine> makeReadableEngine(const DecoderWeights& weights, std::int64_t chunkPairs)
{
    return std::make_unique<ReadableEngine>(weights, chunkPairs);
}

}  // namespace preflab
