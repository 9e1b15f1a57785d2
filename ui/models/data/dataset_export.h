// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a dataset with its edits to a file, in the background.
#pragma once

#include "core/data/export/export.h"
#include "ui/models/data/dataset_session.h"

#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <stop_token>

namespace preflab {

/// One export at a time. UI thread; a destroyed one is cancelled.
class DatasetExport : public QObject {
    Q_OBJECT

public:
    explicit DatasetExport(QObject* parent = nullptr);
    ~DatasetExport() override;

    /// Writes source and journal as they are now; ends in `finished` or `failed`. A name without an ending that is known
    /// becomes JSONL; a file of the name that comes of it was not asked about, and is never replaced.
    void start(const DatasetSession& session, const std::filesystem::path& target, bool areLabelsWritten);
    void cancel();
    bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    void progressChanged(quint64 done, quint64 total);
    void finished(const QString& file, quint64 rows, quint64 leftOut);
    void failed(const preflab::Error& error);

private:
    bool m_isRunning = false;
    std::stop_source m_stop;
    QThreadPool m_pool;  ///< its work reports to this object, which outlives it
};

}  // namespace preflab
