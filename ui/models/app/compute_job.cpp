// SPDX-License-Identifier: GPL-3.0-or-later
// News cross from the worker in a mailbox: at most one delivery is on its way at a time.
#include "ui/models/app/compute_job.h"

#include <QMetaObject>

#include <mutex>
#include <string_view>
#include <utility>

namespace preflab {

struct ComputeJob::Mailbox {
    std::mutex mutex;           ///< protects everything below but `stop`
    ComputeJob* job = nullptr;  ///< null once nobody listens
    bool isPosted = false;      ///< a delivery is on its way
    std::string text;
    qint64 pieces = 0;  ///< of all the text
    std::vector<PairScore> scores;
    std::optional<Estimate> estimate;
    std::string phase;
    std::uint64_t done = 0, total = 0;
    bool hasProgress = false;
    std::optional<Result<>> end;
    std::stop_source stop;  ///< thread-safe by itself

    /// mutex held.
    void post()
    {
        if (job == nullptr || isPosted) return;
        isPosted = true;
        QMetaObject::invokeMethod(
            job, [target = job] { target->takeNews(); }, Qt::QueuedConnection);
    }
};

ComputeJob::ComputeJob(std::shared_ptr<Mailbox> mailbox) : m_mailbox(std::move(mailbox))
{
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->job = this;
}

ComputeJob::~ComputeJob()
{
    m_mailbox->stop.request_stop();
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->job = nullptr;
}

void ComputeJob::cancel()
{
    m_mailbox->stop.request_stop();
}

void ComputeJob::takeNews()
{
    std::string text, phase;
    std::vector<PairScore> scores;
    std::optional<Result<>> end;
    std::uint64_t done = 0, total = 0;
    bool hasProgress = false;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        m_mailbox->isPosted = false;
        text = std::exchange(m_mailbox->text, {});
        m_pieces = m_mailbox->pieces;
        scores = std::exchange(m_mailbox->scores, {});
        phase = m_mailbox->phase;
        done = m_mailbox->done;
        total = m_mailbox->total;
        hasProgress = std::exchange(m_mailbox->hasProgress, false);
        if (m_mailbox->estimate) m_estimate = m_mailbox->estimate;
        end = m_mailbox->end;
    }
    const QString piece = QString::fromStdString(text);
    m_text += piece;
    m_scores.insert(m_scores.end(), scores.begin(), scores.end());
    if (end) {
        m_isOver = true;
        if (!*end) m_error = end->error();
    }
    if (!piece.isEmpty()) Q_EMIT textArrived(piece);
    if (!scores.empty()) Q_EMIT scoresArrived();
    if (hasProgress)
        Q_EMIT progressed(QString::fromStdString(phase), static_cast<qint64>(done), static_cast<qint64>(total));
    if (end) Q_EMIT ended();
}

std::shared_ptr<ComputeJob::Mailbox> ComputeJobWorker::makeMailbox()
{
    return std::make_shared<ComputeJob::Mailbox>();
}

std::stop_token ComputeJobWorker::stopToken() const
{
    return m_mailbox->stop.get_token();
}

GenerateSink ComputeJobWorker::generateSink() const
{
    return [mailbox = m_mailbox](std::string_view text) {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->text += text;
        ++mailbox->pieces;
        mailbox->post();
        return !mailbox->stop.stop_requested();
    };
}

ScoreSink ComputeJobWorker::scoreSink() const
{
    return [mailbox = m_mailbox](const PairScore& score) {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->scores.push_back(score);
        mailbox->post();
    };
}

ProgressSink ComputeJobWorker::progressSink() const
{
    return [mailbox = m_mailbox](std::string_view phase, std::uint64_t done, std::uint64_t total) {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->phase = phase;
        mailbox->done = done;
        mailbox->total = total;
        mailbox->hasProgress = true;
        mailbox->post();
    };
}

void ComputeJobWorker::setEstimate(const Estimate& estimate) const
{
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->estimate = estimate;
}

void ComputeJobWorker::end(const Result<>& result) const
{
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->end = result;
    m_mailbox->post();
}

void ComputeJobWorker::requestStop() const
{
    m_mailbox->stop.request_stop();
}

}  // namespace preflab
