// SPDX-License-Identifier: GPL-3.0-or-later
// Voting on pairs by single keys, blind if wanted.
#pragma once

#include "ui/models/annotation_queue.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace preflab {

class Badge;
class Button;
class ComboBox;
class PairText;
class StateView;
class Switch;
class ThinProgress;
class TurnsView;
class Workspace;

/// A queue of pairs; the choice is shown for 350 ms before the next pair comes, and any other key stops that.
class AnnotateTab : public QWidget {
    Q_OBJECT

public:
    explicit AnnotateTab(Workspace& workspace, QWidget* parent = nullptr);
    void setSession(DatasetSession* session);
    AnnotationQueue& queue() { return m_queue; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makePair();
    QWidget* makeVotes();
    QWidget* makeSidePanel();
    QWidget* makeSide(const QString& letter, PairText*& text, Badge*& name);
    void startQueue();
    void vote(AnnotationQueue::Shown shown);
    void showQueue();
    void showPair();
    void showChoice();
    void showDecisions();

    Workspace& m_workspace;
    QPointer<DatasetSession> m_session;
    AnnotationQueue m_queue;
    QTimer m_advance;
    quint64 m_generation = 0;
    std::optional<std::uint32_t> m_shownRow;
    bool m_isStarted = false;
    ComboBox* m_kind = nullptr;
    Switch* m_blind = nullptr;
    ThinProgress* m_progress = nullptr;
    QLabel* m_count = nullptr;
    StateView* m_state = nullptr;
    TurnsView* m_turns = nullptr;
    PairText* m_first = nullptr;
    PairText* m_second = nullptr;
    Badge* m_firstName = nullptr;
    Badge* m_secondName = nullptr;
    QList<Button*> m_votes;
    QLineEdit* m_note = nullptr;
    QVBoxLayout* m_decisions = nullptr;
};

}  // namespace preflab
