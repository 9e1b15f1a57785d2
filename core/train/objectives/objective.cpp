// SPDX-License-Identifier: GPL-3.0-or-later
// Asking a method for its loss, and dividing that over the accumulation group.
#include "core/train/objectives/objective.h"

#include <algorithm>

namespace preflab {

void GroupCounts::add(std::span<const TokenPair> pairs)
{
    ++batches;
    for (const TokenPair& pair : pairs) labelTokens += static_cast<std::int64_t>(pair.chosen.predictedLabels());
}

Objective::Objective(const MethodInfo& method, const ParamValues& params)
    : m_method(method), m_params(params), m_sums(method.sums(params))
{
}

std::string Objective::answerKey() const
{
    std::string key;
    for (const std::string& param : m_method.answerParams)
        key += (key.empty() ? "" : ",") + param + "=" + toText(m_params.at(param));
    return key;
}

bool Objective::couplesPairs() const
{
    return std::ranges::any_of(m_method.terms(m_params), [](const LossTerm& term) { return term.loss->couplesPairs; });
}

ObjectiveOutput Objective::evaluate(const SequenceSums& policy, const PairTensors& reference,
                                    const GroupCounts& group) const
{
    ObjectiveOutput output = m_method.evaluate(policy, reference, m_params);
    const std::int64_t divisor =
        m_method.divisor == AccumulationDivisor::Batches ? group.batches : std::max<std::int64_t>(1, group.labelTokens);
    output.loss = output.loss / static_cast<double>(divisor);
    return output;
}

}  // namespace preflab
