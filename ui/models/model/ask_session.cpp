// SPDX-License-Identifier: GPL-3.0-or-later
// Generate requests by way of the project's queue.
#include "ui/models/model/ask_session.h"

#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

namespace preflab {

AskSession::AskSession(Workspace& workspace, QObject* parent) : QObject(parent), m_workspace(workspace) {}

AskSession::~AskSession() = default;

bool AskSession::isBetweenSteps() const
{
    const RunCenter* runs = m_workspace.runs();
    return runs != nullptr && runs->active() != nullptr;
}

void AskSession::ask(const GenerateRequest& request)
{
    m_job = m_workspace.runs()->generate(request);
    m_question = QString::fromStdString(request.prompt);
    m_error.reset();
    m_isStopAsked = false;
    m_sinceFirst.invalidate();
    m_tokensPerSecond = 0.0;
    connect(m_job.get(), &ComputeJob::textArrived, this, &AskSession::takeText);
    connect(m_job.get(), &ComputeJob::ended, this, &AskSession::takeEnd);
    m_state = State::Waiting;
    Q_EMIT began();
    Q_EMIT stateChanged();
}

void AskSession::stop()
{
    if (!isBusy()) return;
    m_isStopAsked = true;
    m_job->cancel();
}

void AskSession::takeText(const QString& piece)
{
    if (!m_sinceFirst.isValid()) {
        m_sinceFirst.start();
        m_firstTokens = tokens();
    } else if (m_sinceFirst.elapsed() > 0) {
        m_tokensPerSecond =
            1000.0 * static_cast<double>(tokens() - m_firstTokens) / static_cast<double>(m_sinceFirst.elapsed());
    }
    Q_EMIT textArrived(piece);
    setState(State::Answering);
}

void AskSession::takeEnd()
{
    m_error = m_job->error();
    // An answer that is stopped between two tokens ends without an error.
    const bool isCancelled = m_error ? m_error->code == ErrorCode::Cancelled : m_isStopAsked;
    if (isCancelled) m_error.reset();
    if (isCancelled)
        setState(State::Stopped);
    else
        setState(m_error ? State::Failed : State::Done);
}

void AskSession::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

}  // namespace preflab
