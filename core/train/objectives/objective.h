// SPDX-License-Identifier: GPL-3.0-or-later
// A method with its parameters: what an engine is given to minimise.
#pragma once

#include "core/train/objectives/method.h"

#include <cstdint>
#include <span>
#include <vector>

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
    std::span<const TokenSum> sums() const { return m_sums; }
    BatchSides sides() const { return m_method.hasRejected ? BatchSides::Both : BatchSides::ChosenOnly; }
    bool needsReference() const { return m_method.needsReference; }
    /// Loss of a batch as its share of the group's, and the batch's metrics. `reference` holds the label sums of the
    /// frozen reference where the method needs one.
    ObjectiveOutput evaluate(const SequenceSums& policy, const PairTensors& reference, const GroupCounts& group) const;

private:
    const MethodInfo& m_method;
    const ParamValues& m_params;
    std::vector<TokenSum> m_sums;
};

}  // namespace preflab
