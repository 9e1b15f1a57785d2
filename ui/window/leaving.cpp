// SPDX-License-Identifier: GPL-3.0-or-later
// One question for both ways to leave a project.
#include "ui/window/leaving.h"

#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

namespace preflab {

Leaving::Leaving(Workspace& workspace, QWidget* window)
    : QObject(window), m_workspace(workspace), m_question(new CloseQuestion(window))
{
    connect(m_question, &CloseQuestion::saveWanted, this, [this] { leaveAfter(Ending::Save); });
    connect(m_question, &CloseQuestion::finishWanted, this, [this] { leaveAfter(Ending::Finish); });
    connect(m_question, &CloseQuestion::kept, this, &Leaving::stay);
    connect(&workspace, &Workspace::leavingAsked, this, [this] { ask(Purpose::OpenOther); });
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        if (RunCenter* runs = m_workspace.runs()) connect(runs, &RunCenter::ended, this, &Leaving::leaveIfFree);
    });
}

bool Leaving::hasRuns() const
{
    return m_workspace.runs() != nullptr && !m_workspace.runs()->unfinished().empty();
}

bool Leaving::mayQuit()
{
    if (!hasRuns()) return true;
    ask(Purpose::Quit);
    return false;
}

void Leaving::quitWhenSaved()
{
    m_purpose = Purpose::Quit;
    leaveAfter(Ending::Save);
}

void Leaving::ask(Purpose purpose)
{
    m_purpose = purpose;
    m_isAnswered = false;
    const auto runs = m_workspace.runs()->unfinished();
    m_question->ask(runs.front()->name(), static_cast<int>(runs.size()), purpose);
}

void Leaving::leaveAfter(Ending ending)
{
    m_isAnswered = true;
    if (hasRuns()) {
        if (ending == Ending::Save) m_workspace.runs()->stopAndSaveAll();
        m_question->showWaiting(m_purpose, ending == Ending::Save);
    }
    leaveIfFree();
}

void Leaving::leaveIfFree()
{
    if (!m_isAnswered || hasRuns()) return;
    m_isAnswered = false;
    m_question->hide();
    if (m_purpose == Purpose::Quit)
        Q_EMIT quitWanted();
    else
        m_workspace.leaveProject();
}

void Leaving::stay()
{
    m_isAnswered = false;
    m_workspace.stayInProject();
}

}  // namespace preflab
