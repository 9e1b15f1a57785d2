// SPDX-License-Identifier: GPL-3.0-or-later
// When the program is to end without its user having closed the window.
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace preflab {

class MainWindow;
class Workspace;

/// Ctrl+C in the terminal, `kill`, a terminal that closes, the end of the desktop's session: what computes is finished to
/// its step and saved, then the window closes. A second Ctrl+C ends at once. One for a process, because signals are.
class SessionEnd : public QObject {
    Q_OBJECT

public:
    SessionEnd(MainWindow& window, Workspace& workspace);

private:
    void takeSignal();
    void saveBeforeLogout();

    MainWindow& m_window;
    Workspace& m_workspace;
    QSocketNotifier m_signals;
    bool m_isAsked = false;
};

}  // namespace preflab
