// SPDX-License-Identifier: GPL-3.0-or-later
// Votes counted and followed.
#include "core/data/journal/vote_rules.h"

#include "core/base/system.h"
#include "core/data/journal/side_changes.h"

#include <utility>

namespace preflab {

VoteCounts countVotes(const RowStates& states)
{
    VoteCounts counts;
    for (const std::uint32_t row : states.rows()) {
        const RowState& state = *states.find(row);
        if (state.isExcluded) {
            ++counts.excluded;
            continue;
        }
        if (!state.vote) continue;
        switch (state.vote->vote) {
        case Vote::ChosenBetter:
            ++counts.chosen;
            break;
        case Vote::RejectedBetter:
            ++counts.rejected;
            break;
        case Vote::Tie:
            ++counts.ties;
            break;
        case Vote::BothBad:
            ++counts.bothBad;
            break;
        case Vote::Skipped:
            ++counts.skipped;
            break;
        }
    }
    return counts;
}

std::string openVotesText(const VoteCounts& votes, const std::string& file)
{
    if (votes.open() == 0) return {};
    std::string kinds;
    const std::pair<const char*, std::uint64_t> parts[] = {
        {"rejected is better", votes.rejected}, {"tie", votes.ties}, {"both are bad", votes.bothBad}};
    for (const auto& [name, count] : parts)
        if (count > 0) kinds += (kinds.empty() ? "" : ", ") + std::string(name) + ": " + countText(count);
    const bool isOne = votes.open() == 1;
    return countText(votes.open()) + (isOne ? " vote on a pair of " : " votes on pairs of ") + file +
           (isOne ? " is" : " are") + " not applied (" + kinds + "); " +
           (isOne ? "the pair is used as it stands" : "these pairs are used as they stand") +
           " until Apply votes, on the window's Annotate page, exchanges answers and leaves pairs out.";
}

bool isChangedBy(const VoteRules& rules, const RowState& state)
{
    if (!state.vote || state.isExcluded) return false;
    switch (state.vote->vote) {
    case Vote::RejectedBetter:
        return rules.areSidesExchanged;
    case Vote::Tie:
        return rules.areTiesLeftOut;
    case Vote::BothBad:
        return rules.areBadPairsLeftOut;
    case Vote::ChosenBetter:
    case Vote::Skipped:
        return false;
    }
    return false;
}

std::vector<std::uint32_t> rowsChangedBy(const VoteRules& rules, const RowStates& states)
{
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t row : states.rows())
        if (isChangedBy(rules, *states.find(row))) rows.push_back(row);
    return rows;
}

void acceptVote(RowState& state, const VoteRules& rules)
{
    if (!isChangedBy(rules, state)) return;
    if (state.vote->vote == Vote::RejectedBetter)
        exchangeSides(state);
    else
        state.isExcluded = true;
}

}  // namespace preflab
