// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over held-out rows.
#include "core/train/loop/evaluate.h"

#include "core/train/backend/score.h"
#include "core/train/engine/batch.h"
#include "core/train/loop/pair_batches.h"
#include "core/train/loop/training_step.h"
#include "core/train/objectives/reductions.h"

#include <c10/core/GradMode.h>

#include <utility>
#include <vector>

namespace preflab {

Evaluator::Evaluator(const MethodInfo& method, const ParamValues& params, std::shared_ptr<const PairSource> eval,
                     std::shared_ptr<const PairSource> heldOut, std::int64_t batchSize)
    : m_method(method), m_params(params), m_eval(std::move(eval)), m_heldOut(std::move(heldOut)), m_batchSize(batchSize)
{
}

bool Evaluator::isShared(const DecoderWeights& weights) const
{
    return m_eval == m_heldOut && m_method.hasRejected && weights.precision != Precision::BFloat16;
}

void Evaluator::addEvalBatch(const DecoderWeights& weights, std::span<const std::uint32_t> indices,
                             std::span<const TokenPair> pairs, Sums& sums) const
{
    const c10::NoGradGuard noGrad;
    const ForwardOutput forward =
        forwardBatch(weights, collate(pairs, m_method.hasRejected ? BatchSides::Both : BatchSides::ChosenOnly));
    if (isShared(weights)) sums.heldOut.add(pairs, policyLogProbs(forward).sum);
    PairLogProbs reference;
    if (m_method.needsReference) {
        // At the first evaluation the policy still is the reference.
        if (!m_reference) sums.reference->set(indices, policyLogProbs(forward).sum);
        reference = (m_reference ? m_reference : sums.reference)->of(indices, forward.logProbs.scalar_type());
    }
    const StepOutput output = m_method.step(forward, reference, m_params);
    const double divisor = accumulationDivisor(m_method.divisor, {{pairs.begin(), pairs.end()}});
    sums.loss += output.loss.item().toDouble() / divisor * static_cast<double>(pairs.size());
    sums.metrics.add(output.metrics);
}

Result<> Evaluator::passEval(const DecoderWeights& weights, Sums& sums, const PassTick& tick) const
{
    if (m_method.needsReference && !m_reference) sums.reference.emplace(m_eval->size());
    const auto batches = batchesInOrder(m_eval->size(), m_batchSize);
    std::int64_t done = 0;
    for (const auto& indices : batches) {
        TRY(const std::vector<TokenPair> pairs, drawPairs(*m_eval, indices));
        addEvalBatch(weights, indices, pairs, sums);
        TRY_VOID(tick(++done, std::ssize(batches)));
    }
    return {};
}

Result<> Evaluator::passHeldOut(const DecoderWeights& weights, Sums& sums, const PassTick& tick) const
{
    DecoderWeights unrounded = weights;  // shares the tensors
    if (unrounded.precision == Precision::BFloat16) unrounded.precision = Precision::Float32;
    const auto batches = batchesInOrder(m_heldOut->size(), m_batchSize);
    std::int64_t done = 0;
    for (const auto& indices : batches) {
        TRY(const std::vector<TokenPair> pairs, drawPairs(*m_heldOut, indices));
        sums.heldOut.add(pairs, scoreBatch(unrounded, pairs));
        TRY_VOID(tick(++done, std::ssize(batches)));
    }
    return {};
}

void Evaluator::appendEval(const Sums& sums, const RunningTotals& training, NamedValues& values) const
{
    values.emplace_back("eval_loss", sums.loss / static_cast<double>(m_eval->size()));
    for (const StepMetric& metric : sums.metrics.result()) {
        const bool isTotal = metric.kind == StepMetric::Kind::Total;
        values.emplace_back("eval_" + metric.key, isTotal ? training.of(metric.key) : metric.value);
    }
}

Result<NamedValues> Evaluator::run(const DecoderWeights& weights, const RunningTotals& training, const PassTick& tick)
{
    Sums sums;
    NamedValues values;
    if (m_eval) {
        TRY_VOID(passEval(weights, sums, tick));
        appendEval(sums, training, values);
    }
    if (m_heldOut && !isShared(weights)) TRY_VOID(passHeldOut(weights, sums, tick));
    if (!m_reference) m_reference = std::move(sums.reference);
    if (m_heldOut) {
        if (!m_start) m_start = sums.heldOut;
        const NamedValues compared = heldOutMetrics(sums.heldOut, *m_start);
        values.insert(values.end(), compared.begin(), compared.end());
    }
    return values;
}

}  // namespace preflab
