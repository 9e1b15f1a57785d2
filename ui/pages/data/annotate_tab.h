// SPDX-License-Identifier: GPL-3.0-or-later
// Voting on pairs by single keys, blind if wanted.
#pragma once

#include "ui/models/data/annotation_queue.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLayout;
class QLineEdit;

namespace preflab {

class AnswerCard;
class Button;
class ComboBox;
class LabellerPanel;
class StateView;
class Switch;
class ThinProgress;
class TurnsView;
class VoteDetailsRow;
class Workspace;

/// A queue of pairs; the choice is shown for 350 ms before the next pair comes, and any other key stops that. Votes are
/// taken once the pair is on the screen.
class AnnotateTab : public QWidget {
    Q_OBJECT

public:
    explicit AnnotateTab(Workspace& workspace, QWidget* parent = nullptr);
    void setSession(DatasetSession* session);
    AnnotationQueue& queue() { return m_queue; }
    /// Keeps the note that is being typed.
    void keepTyped() { keepNote(); }

Q_SIGNALS:
    /// Pairs are to follow their votes; somebody asks which.
    void applyWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makePair();
    QWidget* makeVotes();
    QLayout* makeNoteRow();
    void startQueue();
    void vote(AnnotationQueue::Shown shown);
    void showQueue();
    void showNoPair();
    void showDone();
    void showApply();
    void showPair();
    void readPair(std::uint32_t row);
    void showTexts(const PairDetails& pair);
    void followRow(std::uint32_t row);
    void showChoice();
    QString choiceText(const QString& letter, VoteStrength strength) const;
    void showDetails();
    void keepNote();
    void flag();

    Workspace& m_workspace;
    QPointer<DatasetSession> m_session;
    AnnotationQueue m_queue;
    QTimer m_advance;
    quint64 m_generation = 0;
    std::optional<std::uint32_t> m_shownRow;
    std::optional<std::uint32_t> m_noteRow;  ///< whose note is in the field
    std::size_t m_shownPosition = 0;
    bool m_isShownSwapped = false;
    bool m_isRead = false;  ///< the texts of m_shownRow are on the screen
    RowState m_shownState;  ///< of the pair whose texts are shown
    bool m_isStarted = false;
    ComboBox* m_kind = nullptr;
    Switch* m_blind = nullptr;
    ThinProgress* m_progress = nullptr;
    QLabel* m_count = nullptr;
    StateView* m_state = nullptr;
    StateView* m_pairState = nullptr;  ///< prompt and answers, or why they cannot be read
    TurnsView* m_turns = nullptr;
    AnswerCard* m_first = nullptr;
    AnswerCard* m_second = nullptr;
    QList<Button*> m_votes;
    QLineEdit* m_note = nullptr;
    VoteDetailsRow* m_details = nullptr;
    Button* m_flag = nullptr;
    Button* m_apply = nullptr;
    LabellerPanel* m_panel = nullptr;
    Button* m_panelButton = nullptr;  ///< opens the panel in narrow windows
};

}  // namespace preflab
