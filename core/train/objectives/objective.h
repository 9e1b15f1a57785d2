// SPDX-License-Identifier: GPL-3.0-or-later
// A method with its parameters: what an engine is given to minimise.
#pragma once

#include "core/train/objectives/method.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace preflab {

/// What the batches of one accumulation group hold together, known before the first of them runs.
struct GroupCounts {
    std::int64_t batches = 0;
    std::int64_t labelTokens = 0;  ///< labels with a prediction, of the chosen sides

    /// Counts one batch more.
    void add(std::span<const TokenPair> pairs);
};

/// Turns sums over tokens into a loss and metrics. Method and parameters outlive it.
class Objective {
public:
    Objective(const MethodInfo& method, const ParamValues& params);

    /// What it needs of every sequence.
    const SumRequest& sums() const { return m_sums; }
    /// The part of `sums` that answerLogProbs looks at.
    SumRequest answerSums() const { return {m_sums.sums, false}; }
    /// Log-probs of answers by which policy and reference are compared, if needsReference: (P) each.
    PairTensors answerLogProbs(const SequenceSums& sums) const { return m_method.answerLogProbs(sums, m_params); }
    /// The parameters that answerLogProbs depends on, with their values: "ld_alpha=0.5".
    std::string answerKey() const;
    /// One of its losses couples the pairs of a batch.
    bool couplesPairs() const;
    BatchSides sides() const { return m_method.hasRejected ? BatchSides::Both : BatchSides::ChosenOnly; }
    bool needsReference() const { return m_method.needsReference; }
    /// How many metrics `evaluate` gives.
    std::size_t metrics() const { return m_method.metrics.size(); }
    /// Loss of a batch as its share of the group's, and the batch's metrics. `reference` holds the frozen
    /// reference's answerLogProbs where the method needs one.
    ObjectiveOutput evaluate(const SequenceSums& policy, const PairTensors& reference, const GroupCounts& group) const;

private:
    const MethodInfo& m_method;
    const ParamValues& m_params;
    SumRequest m_sums;
};

}  // namespace preflab
