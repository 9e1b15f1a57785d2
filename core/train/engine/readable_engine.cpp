// SPDX-License-Identifier: GPL-3.0-or-later
// Sums by one forward pass, gradients by autograd.
#include "core/train/engine/readable_engine.h"

#include "core/train/engine/batch.h"

#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <utility>

namespace preflab {
namespace {

class ReadableEngine final : public Engine {
public:
    explicit ReadableEngine(const DecoderWeights& weights) : m_weights(weights), m_unrounded(weights)
    {
        if (m_unrounded.precision == Precision::BFloat16) m_unrounded.precision = Precision::Float32;
    }

    bool isRounded() const override { return m_weights.precision != m_unrounded.precision; }

    SequenceSums evaluate(const PairBatch& pairs, std::span<const TokenSum> sums, Products products) override
    {
        const c10::NoGradGuard noGrad;
        const Batch batch = collate(pairs.pairs, pairs.sides);
        const DecoderWeights& weights = products == Products::Unrounded ? m_unrounded : m_weights;
        return sequenceSums(forwardBatch(weights, batch), batch, sums);
    }

    BatchShare accumulate(const PairBatch& pairs, std::span<const TokenSum> sums,
                          const SumObjective& objective) override
    {
        const Batch batch = collate(pairs.pairs, pairs.sides);
        SequenceSums leaves = sequenceSums(forwardBatch(m_weights, batch), batch, sums);
        // Stage 1 ends here: the objective sees numbers, and its derivatives stop at them.
        std::vector<Tensor> graphs;
        for (Tensor& sum : leaves.logProbs) {
            graphs.push_back(std::exchange(sum, sum.detach().requires_grad_(true)));
        }
        ObjectiveOutput output = objective(leaves);
        BatchShare share{output.loss.item().toDouble(), std::move(output.metrics), batch.tokens};
        if (!std::isfinite(share.loss)) return share;
        output.loss.backward();
        // Stage 2: the derivative of the loss by each sum, times the derivative of the sum by the parameters.
        Tensor total = at::zeros({}, output.loss.options().requires_grad(false));
        for (std::size_t i = 0; i < graphs.size(); ++i) {
            if (leaves.logProbs[i].grad().defined()) total = total + (graphs[i] * leaves.logProbs[i].grad()).sum();
        }
        total.backward();
        return share;
    }

    void parametersChanged() override {}  // nothing is derived from them

private:
    DecoderWeights m_weights, m_unrounded;
};

}  // namespace

std::unique_ptr<Engine> makeReadableEngine(const DecoderWeights& weights)
{
    return std::make_unique<ReadableEngine>(weights);
}

}  // namespace preflab
