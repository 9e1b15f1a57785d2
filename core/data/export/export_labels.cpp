// SPDX-License-Identifier: GPL-3.0-or-later
// Labels as texts.
#include "core/data/export/export_labels.h"

#include <vector>

namespace preflab {
namespace {

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

LabelColumns::LabelColumns(UniqueNames taken) : m_names{"label", "strength", "reasons", "tags", "note"}
{
    for (std::string& name : m_names) name = taken.take(taken.isTaken(name) ? "preflab_" + name : name);
}

Json LabelColumns::of(const RowState* state) const
{
    const bool isVoted = state != nullptr && state->vote;
    Json columns = Json::object();
    columns[m_names[0]] = isVoted ? std::string(voteId(state->vote->vote)) : std::string();
    columns[m_names[1]] = isVoted ? std::string(voteStrengthId(state->vote->strength)) : std::string();
    columns[m_names[2]] = isVoted ? joined(state->vote->reasons) : std::string();
    columns[m_names[3]] = state != nullptr ? joined(state->tags) : std::string();
    columns[m_names[4]] = state != nullptr ? state->note : std::string();
    return columns;
}

}  // namespace preflab
