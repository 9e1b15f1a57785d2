// SPDX-License-Identifier: GPL-3.0-or-later
// Quitting, or opening another project, while runs are not finished.
#pragma once

#include "ui/window/close_question.h"

#include <QObject>

class QWidget;

namespace preflab {

class Workspace;

/// Asks what is to become of the runs, and leaves once none is left. No run ends by the way.
class Leaving : public QObject {
    Q_OBJECT

public:
    Leaving(Workspace& workspace, QWidget* window);

    /// True if the window may close; otherwise the user is asked, and `quitWanted` comes when it may.
    bool mayQuit();
    /// Saves what computes and quits after that, without asking: nobody may be there to answer.
    void quitWhenSaved();

Q_SIGNALS:
    void quitWanted();

private:
    using Purpose = CloseQuestion::Purpose;
    enum class Ending { Save, Finish };
    bool hasRuns() const;
    void ask(Purpose purpose);
    void leaveAfter(Ending ending);
    void leaveIfFree();
    void stay();

    Workspace& m_workspace;
    CloseQuestion* m_question;
    Purpose m_purpose = Purpose::Quit;
    bool m_isAnswered = false;  ///< leave as soon as no run is left
};

}  // namespace preflab
