// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the votes: what was decided, how steadily, and by which guidelines.
#pragma once

#include "ui/models/data/annotation_queue.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QVBoxLayout;

namespace preflab {

class Workspace;

/// The side of the Annotate tab. Guidelines belong to the project; the rest is about this sitting.
class LabellerPanel : public QFrame {
    Q_OBJECT

public:
    LabellerPanel(Workspace& workspace, AnnotationQueue& queue, QWidget* parent = nullptr);
    /// Whose rows the decisions are; may be null.
    void setSession(DatasetSession* session);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeDecisions();
    QWidget* makeCheck();
    QWidget* makeGuidelines();
    void showDecisions();
    void showCheck();
    void showGuidelines();
    void keepGuidelines();

    Workspace& m_workspace;
    AnnotationQueue& m_queue;
    QPointer<DatasetSession> m_session;
    QVBoxLayout* m_decisions = nullptr;
    QLabel* m_same = nullptr;
    QLabel* m_left = nullptr;
    QLabel* m_ties = nullptr;
    QPlainTextEdit* m_guidelines = nullptr;
};

}  // namespace preflab
