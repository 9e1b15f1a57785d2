// SPDX-License-Identifier: GPL-3.0-or-later
// A text to write, pairs to score or a run to estimate: computed on another thread, watched from the UI thread.
#pragma once

#include "core/runs/backend.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// Made by RunCenter. Deleting it cancels it. News come by signals on the UI thread, gathered while they wait.
class ComputeJob : public QObject {
    Q_OBJECT

public:
    /// What the worker thread shares with the job; outlives both.
    struct Mailbox;

    explicit ComputeJob(std::shared_ptr<Mailbox> mailbox);
    ~ComputeJob() override;
    Q_DISABLE_COPY_MOVE(ComputeJob)

    /// Ends it soon, with the error Cancelled.
    void cancel();
    bool isOver() const { return m_isOver; }
    /// Why it ended without all it was to do; none while it computes and after success.
    const std::optional<Error>& error() const { return m_error; }
    /// The text written so far.
    const QString& text() const { return m_text; }
    /// How many pieces the text came in: one a token.
    qint64 pieces() const { return m_pieces; }
    /// The pairs scored so far.
    const std::vector<PairScore>& scores() const { return m_scores; }
    const std::optional<Estimate>& estimate() const { return m_estimate; }

Q_SIGNALS:
    void textArrived(const QString& piece);
    void scoresArrived();
    /// `total` 0: unknown.
    void progressed(const QString& phase, qint64 done, qint64 total);
    void ended();

private:
    void takeNews();

    std::shared_ptr<Mailbox> m_mailbox;
    bool m_isOver = false;
    std::optional<Error> m_error;
    QString m_text;
    qint64 m_pieces = 0;
    std::vector<PairScore> m_scores;
    std::optional<Estimate> m_estimate;
};

/// The worker's end of a job. Thread-safe.
class ComputeJobWorker {
public:
    explicit ComputeJobWorker(std::shared_ptr<ComputeJob::Mailbox> mailbox) : m_mailbox(std::move(mailbox)) {}
    static std::shared_ptr<ComputeJob::Mailbox> makeMailbox();

    std::stop_token stopToken() const;
    GenerateSink generateSink() const;
    ScoreSink scoreSink() const;
    ProgressSink progressSink() const;
    void setEstimate(const Estimate& estimate) const;
    /// The last news.
    void end(const Result<>& result) const;
    void requestStop() const;

private:
    std::shared_ptr<ComputeJob::Mailbox> m_mailbox;
};

}  // namespace preflab
