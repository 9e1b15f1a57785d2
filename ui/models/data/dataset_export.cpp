// SPDX-License-Identifier: GPL-3.0-or-later
// Export on a thread of the pool.
#include "ui/models/data/dataset_export.h"

#include "ui/models/app/background.h"

#include <QtConcurrent>

namespace preflab {

DatasetExport::DatasetExport(QObject* parent) : QObject(parent) {}

DatasetExport::~DatasetExport()
{
    m_stop.request_stop();
    m_pool.waitForDone();
}

void DatasetExport::start(const DatasetSession& session, const std::filesystem::path& target, bool areLabelsWritten)
{
    if (m_isRunning || session.dataset() == nullptr) return;
    m_isRunning = true;
    m_stop = {};
    std::filesystem::path file = target;
    const auto kind = exportKindOf(file);
    if (!kind) file += ".jsonl";
    const ExportOptions options{kind.value_or(ExportKind::JsonLines), {}, areLabelsWritten};
    const ProgressSink progress = [this](std::string_view, std::uint64_t done, std::uint64_t total) {
        QMetaObject::invokeMethod(
            this, [this, done, total] { Q_EMIT progressChanged(done, total); }, Qt::QueuedConnection);
    };
    // A copy of the dataset shares its rows; the journal's states are those of now.
    const auto work = [data = *session.dataset(), states = session.inputs().states, file, options, progress,
                       isNamedByUs = !kind.has_value(), stop = m_stop.get_token()]() -> Result<ExportSummary> {
        std::error_code ignored;
        if (isNamedByUs && std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
            return fail(ErrorCode::WriteFailed, {{"path", file.string()},
                                                 {"reason", "there is a file of that name already"},
                                                 {"remedy", "Choose it by its whole name to replace it"}});
        return exportRows(data, states, file, options, progress, stop);
    };
    whenDone(QtConcurrent::run(&m_pool, work), this, [this, file](const Result<ExportSummary>& summary) {
        m_isRunning = false;
        if (summary)
            Q_EMIT finished(QString::fromStdString(file.string()), summary->rows, summary->leftOut);
        else
            Q_EMIT failed(summary.error());
    });
}

void DatasetExport::cancel()
{
    m_stop.request_stop();
}

}  // namespace preflab
