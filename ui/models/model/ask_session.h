// SPDX-License-Identifier: GPL-3.0-or-later
// A question to a model, and its answer while it is written.
#pragma once

#include "core/runs/backend.h"
#include "ui/models/app/compute_job.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace preflab {

class Workspace;

/// One question at a time: a new one ends the one before. UI thread.
class AskSession : public QObject {
    Q_OBJECT

public:
    /// Waiting: no token has come yet (the model is read, or a run finishes its step first).
    enum class State { Idle, Waiting, Answering, Done, Stopped, Failed };

    explicit AskSession(Workspace& workspace, QObject* parent = nullptr);
    ~AskSession() override;

    /// The workspace must have a project.
    void ask(const GenerateRequest& request);
    /// Ends the answer; what has been written stays.
    void stop();

    State state() const { return m_state; }
    bool isBusy() const { return m_state == State::Waiting || m_state == State::Answering; }
    const QString& question() const { return m_question; }
    QString answer() const { return m_job ? m_job->text() : QString(); }
    /// Tokens of the answer so far.
    qint64 tokens() const { return m_job ? m_job->pieces() : 0; }
    /// Speed between the first token and the latest; 0 before there are two.
    double tokensPerSecond() const { return m_tokensPerSecond; }
    /// Why it failed.
    const std::optional<Error>& error() const { return m_error; }
    /// A run computes: answers come between two of its steps.
    bool isBetweenSteps() const;

Q_SIGNALS:
    /// A new question; the answer begins anew.
    void began();
    void textArrived(const QString& piece);
    void stateChanged();

private:
    void takeText(const QString& piece);
    void takeEnd();
    void setState(State state);

    Workspace& m_workspace;
    std::unique_ptr<ComputeJob> m_job;
    State m_state = State::Idle;
    bool m_isStopAsked = false;
    QString m_question;
    std::optional<Error> m_error;
    QElapsedTimer m_sinceFirst;
    qint64 m_firstTokens = 0;  ///< that had come when the clock was started
    double m_tokensPerSecond = 0.0;
};

}  // namespace preflab
