// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over held-out rows.
#include "core/train/loop/evaluate.h"

#include "core/plan/pair_batches.h"

#include <c10/core/GradMode.h>

#include <utility>
#include <vector>

namespace preflab {

Evaluator::Evaluator(const Objective& objective, std::shared_ptr<const PairSource> eval,
                     std::shared_ptr<const PairSource> heldOut, std::int64_t batchSize)
    : m_objective(objective), m_eval(std::move(eval)), m_heldOut(std::move(heldOut)), m_batchSize(batchSize)
{
}

bool Evaluator::isShared(const Engine& engine) const
{
    return m_eval == m_heldOut && m_objective.sides() == BatchSides::Both && !engine.isRounded();
}

void Evaluator::addEvalBatch(Engine& engine, std::span<const std::uint32_t> indices, std::span<const TokenPair> pairs,
                             Sums& sums) const
{
    const c10::NoGradGuard noGrad;
    const SequenceSums policy = engine.evaluate({pairs, m_objective.sides()}, m_objective.sums());
    if (isShared(engine)) sums.heldOut.add(pairs, policy.sides(policy.of(kLabelSum)));
    PairTensors reference;
    if (m_objective.needsReference()) {
        // At the first evaluation the policy still is the reference.
        if (!sums.known) sums.reference->set(indices, m_objective.answerLogProbs(policy));
        reference = (sums.known ? sums.known : sums.reference)->of(indices, policy.labels);
    }
    GroupCounts group;
    group.add(pairs);
    const ObjectiveOutput output = m_objective.evaluate(policy, reference, group);
    sums.loss += output.loss.item().toDouble() * static_cast<double>(pairs.size());
    sums.metrics.add(output.metrics);
}

Result<> Evaluator::passEval(Engine& engine, Sums& sums, const PassTick& tick) const
{
    if (m_objective.needsReference() && !sums.known) sums.reference.emplace(m_eval->size());
    const auto batches = batchesInOrder(m_eval->size(), m_batchSize);
    std::int64_t done = 0;
    for (const auto& indices : batches) {
        TRY(const std::vector<TokenPair> pairs, drawPairs(*m_eval, indices));
        addEvalBatch(engine, indices, pairs, sums);
        TRY_VOID(tick(++done, std::ssize(batches)));
    }
    return {};
}

Result<> Evaluator::passHeldOut(Engine& engine, Sums& sums, const PassTick& tick) const
{
    const auto batches = batchesInOrder(m_heldOut->size(), m_batchSize);
    std::int64_t done = 0;
    for (const auto& indices : batches) {
        TRY(const std::vector<TokenPair> pairs, drawPairs(*m_heldOut, indices));
        const SequenceSums scores = engine.evaluate({pairs}, kLabelSumOnly, Products::Unrounded);
        sums.heldOut.add(pairs, scores.sides(scores.of(kLabelSum)));
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

Result<NamedValues> Evaluator::run(Engine& engine, const RunningTotals& training, EvaluationBaselines& baselines,
                                   const PassTick& tick) const
{
    Sums sums{baselines.reference};
    NamedValues values;
    if (m_eval) {
        TRY_VOID(passEval(engine, sums, tick));
        appendEval(sums, training, values);
    }
    if (m_heldOut && !isShared(engine)) TRY_VOID(passHeldOut(engine, sums, tick));
    if (!baselines.reference) baselines.reference = std::move(sums.reference);
    if (m_heldOut) {
        if (!baselines.heldOut) baselines.heldOut = sums.heldOut;
        const NamedValues compared = heldOutMetrics(sums.heldOut, *baselines.heldOut);
        values.insert(values.end(), compared.begin(), compared.end());
    }
    return values;
}

}  // namespace preflab
