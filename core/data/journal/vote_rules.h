// SPDX-License-Identifier: GPL-3.0-or-later
// What votes ask for, and doing it. A vote alone changes nothing of a row.
#pragma once

#include "core/data/journal/row_state.h"

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// What is to be done where a vote asks for it.
struct VoteRules {
    bool areSidesExchanged = true;   ///< where the rejected answer is better
    bool areTiesLeftOut = true;      ///< where both answers are as good
    bool areBadPairsLeftOut = true;  ///< where both answers are bad
    bool operator==(const VoteRules&) const = default;
};

/// Votes on rows that are in use.
struct VoteCounts {
    std::uint64_t chosen = 0;    ///< say what the pair says already
    std::uint64_t rejected = 0;  ///< the rejected answer is better
    std::uint64_t ties = 0;
    std::uint64_t bothBad = 0;
    std::uint64_t skipped = 0;
    std::uint64_t excluded = 0;  ///< rows that are not in use, with or without a vote

    /// Votes that rows do not follow yet.
    std::uint64_t open() const { return rejected + ties + bothBad; }
    bool operator==(const VoteCounts&) const = default;
};

/// Counts the votes of all touched rows.
VoteCounts countVotes(const RowStates& states);

/// "12 votes on pairs of pairs.jsonl are not applied (rejected is better: 9, ties: 2, both bad: 1); ...": what whoever uses
/// the rows of `file` has to know; empty if rows follow their votes.
std::string openVotesText(const VoteCounts& votes, const std::string& file);

/// Whether the rules change the row. Rows that are left out stay as they are.
bool isChangedBy(const VoteRules& rules, const RowState& state);

/// The rows that the rules change, ascending.
std::vector<std::uint32_t> rowsChangedBy(const VoteRules& rules, const RowStates& states);

/// Does what the row's vote says as far as the rules go, for Journal::post with JournalAction::Accept. Doing it again
/// changes nothing: where sides are exchanged the vote is, too.
void acceptVote(RowState& state, const VoteRules& rules);

}  // namespace preflab
