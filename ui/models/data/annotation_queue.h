// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs to vote on, one after the other, with their sides hidden or not.
#pragma once

#include "core/data/journal/row_state.h"
#include "ui/models/data/dataset_session.h"

#include <QObject>
#include <QPointer>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// What is voted on. Flagged: rows with the tag kLaterTag.
enum class QueueKind { All, Unlabelled, Filtered, Flagged };

/// The tag of rows that a labeller wants to come back to.
inline constexpr const char* kLaterTag = "later";

/// What goes with a vote.
struct VoteDetails {
    VoteStrength strength = VoteStrength::Unsaid;
    std::vector<std::string> reasons;
    bool operator==(const VoteDetails&) const = default;
};

/// One decision of this sitting.
struct Decision {
    std::uint32_t row = 0;
    VoteRecord vote;
};

/// How steadily somebody votes in this sitting. Skipped pairs do not count.
struct SelfCheck {
    int votes = 0;
    int ties = 0;     ///< both bad, too
    int sided = 0;    ///< one side was better
    int left = 0;     ///< of those, A
    int repeats = 0;  ///< pairs that were asked twice and answered twice
    int same = 0;     ///< of those, with the same answer
};

/// A place in a list of rows of one session. Votes go to the session's journal; the queue goes on once the caller says
/// so. UI thread.
class AnnotationQueue : public QObject {
    Q_OBJECT

public:
    explicit AnnotationQueue(QObject* parent = nullptr);

    /// Builds the list in the background; ends in `changed`. Filtered takes the session's present query.
    void start(DatasetSession* session, QueueKind kind);
    bool isBuilding() const { return m_isBuilding; }
    /// Why there is no list (a filter that is none); nothing while there is one.
    const std::optional<Error>& error() const { return m_error; }
    std::size_t size() const { return m_places.size(); }
    std::size_t position() const { return m_position; }
    bool isDone() const { return !m_places.empty() && m_position >= m_places.size(); }
    /// The row to vote on; nothing when the queue is empty or done.
    std::optional<std::uint32_t> row() const;

    /// Hides which side is which: A and B are drawn for every row anew.
    void setBlind(bool isBlind);
    bool isBlind() const { return m_isBlind; }
    /// True if the rejected answer is shown as A.
    bool isSwapped() const;
    /// Asks some pairs of a blind sitting once more, with their sides exchanged; what is said then is only compared
    /// with the first answer, which stays.
    void setRepeating(bool isRepeating) { m_isRepeating = isRepeating; }
    /// The pair was asked before.
    bool isRepeat() const;

    /// A vote by what is shown: first is A. Stored at once; the queue stays where it is.
    enum class Shown { FirstBetter, SecondBetter, Tie, BothBad, Skipped };
    void vote(Shown shown, const VoteDetails& details = {});
    /// Says more about the vote on this row; nothing while it has none.
    void describe(const VoteDetails& details);
    /// What was said of the row, as far as the journal has it; at a repeat, what was said this time.
    std::optional<VoteRecord> voteHere() const;
    void next();
    void previous();
    /// To the row of a decision, to think again.
    void goTo(std::uint32_t row);

    /// This sitting's decisions, latest first. Once the journal has answered all, they say what it says: a vote that was
    /// undone is none, and one whose sides were exchanged follows its row.
    const std::vector<Decision>& decisions() const { return m_decisions; }
    SelfCheck selfCheck() const;

Q_SIGNALS:
    void changed();
    /// Somebody went to another place, or to this one again; before `changed`.
    void moved();

private:
    struct Place {
        std::uint32_t row = 0;
        bool isRepeat = false;
    };
    const Decision* decisionOn(std::uint32_t row) const;
    void planRepeat();
    void remember(std::uint32_t row, const VoteRecord& record);
    void followJournal();
    void forgetRepeat(std::uint32_t row, bool isAskedStill);

    QPointer<DatasetSession> m_session;
    std::vector<Place> m_places;
    std::size_t m_position = 0;
    bool m_isBlind = true;
    bool m_isRepeating = false;
    bool m_isBuilding = false;
    std::optional<Error> m_error;
    quint64 m_generation = 0;
    std::uint64_t m_seed = 0;  ///< of this sitting's sides
    std::vector<Decision> m_decisions;
    std::map<std::uint32_t, std::optional<VoteRecord>> m_repeats;  ///< rows that are asked twice
    std::size_t m_decidedAtRepeat = 0;                             ///< how many decisions there were at the last one
};

}  // namespace preflab
