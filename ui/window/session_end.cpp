// SPDX-License-Identifier: GPL-3.0-or-later
// Signals and the session manager.
#include "ui/window/session_end.h"

#include "core/base/signal_pipe.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"
#include "ui/window/leaving.h"
#include "ui/window/main_window.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QGuiApplication>
#include <QTimer>

#include <unistd.h>

namespace preflab {
namespace {

constexpr int kLogoutPatience = 5000;  ///< milliseconds; desktops kill who takes much longer
constexpr int kInterrupted = 130;      ///< as shells report SIGINT
constexpr int kTerminated = 143;       ///< and SIGTERM

}  // namespace

SessionEnd::SessionEnd(MainWindow& window, Workspace& workspace)
    : QObject(&window), m_window(window), m_workspace(workspace), m_signals(openSignalPipe(), QSocketNotifier::Read)
{
    connect(&m_signals, &QSocketNotifier::activated, this, &SessionEnd::takeSignal);
    // Direct: the desktop takes the return for the answer.
    connect(qGuiApp, &QGuiApplication::commitDataRequest, this, &SessionEnd::saveBeforeLogout, Qt::DirectConnection);
}

void SessionEnd::takeSignal()
{
    char byte = 0;
    if (::read(static_cast<int>(m_signals.socket()), &byte, 1) != 1) return;
    // A terminal that closes may send SIGHUP twice by itself.
    const bool isImpatient = byte != 'h' && m_isAsked;
    m_isAsked = true;
    if (isImpatient)
        QCoreApplication::exit(byte == 'i' ? kInterrupted : kTerminated);
    else
        m_window.leaving().quitWhenSaved();
}

void SessionEnd::saveBeforeLogout()
{
    RunCenter* runs = m_workspace.runs();
    if (runs == nullptr || runs->unfinished().empty()) return;
    QEventLoop wait;
    QTimer::singleShot(kLogoutPatience, &wait, &QEventLoop::quit);
    connect(runs, &RunCenter::ended, &wait, [runs, &wait] {
        if (runs->unfinished().empty()) wait.quit();
    });
    runs->stopAndSaveAll();
    wait.exec();
}

}  // namespace preflab
