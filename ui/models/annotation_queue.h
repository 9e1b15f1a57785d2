// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs to vote on, one after the other, with their sides hidden or not.
#pragma once

#include "core/data/row_state.h"
#include "ui/models/dataset_session.h"

#include <QObject>
#include <QPointer>

#include <cstdint>
#include <optional>
#include <vector>

namespace preflab {

/// What is voted on.
enum class QueueKind { All, Unlabelled, Filtered };

/// One decision of this sitting.
struct Decision {
    std::uint32_t row = 0;
    VoteRecord vote;
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
    std::size_t size() const { return m_rows.size(); }
    std::size_t position() const { return m_position; }
    bool isDone() const { return !m_rows.empty() && m_position >= m_rows.size(); }
    /// The row to vote on; nothing when the queue is empty or done.
    std::optional<std::uint32_t> row() const;

    /// Hides which side is which: A and B are drawn for every row anew.
    void setBlind(bool isBlind);
    bool isBlind() const { return m_isBlind; }
    /// True if the rejected answer is shown as A.
    bool isSwapped() const;

    /// A vote by what is shown: first is A. Stored at once; the queue stays where it is.
    enum class Shown { FirstBetter, SecondBetter, Tie, BothBad, Skipped };
    void vote(Shown shown);
    void next();
    void previous();
    /// To the row of a decision, to think again.
    void goTo(std::uint32_t row);

    /// This sitting's decisions, latest first.
    const std::vector<Decision>& decisions() const { return m_decisions; }

Q_SIGNALS:
    void changed();

private:
    QPointer<DatasetSession> m_session;
    std::vector<std::uint32_t> m_rows;
    std::size_t m_position = 0;
    bool m_isBlind = true;
    bool m_isBuilding = false;
    quint64 m_generation = 0;
    std::uint64_t m_seed = 0;          ///< of this sitting's sides
    std::vector<Decision> m_decisions;
};

}  // namespace preflab
