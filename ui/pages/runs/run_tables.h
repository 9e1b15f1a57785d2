// SPDX-License-Identifier: GPL-3.0-or-later
// The settings and the log of a run as tables.
#pragma once

#include "core/runs/backend.h"
#include "ui/models/runs/run_controller.h"

#include <QStandardItemModel>

#include <memory>

namespace preflab {

/// Every setting with its value and the default it may differ from.
class RunSettingsModel : public QStandardItemModel {
    Q_OBJECT

public:
    RunSettingsModel(const RunController& run, const ComponentDescription& method, QObject* parent = nullptr);

private:
    void addRow(const QString& title, const QString& value, const QString& usual);
};

/// What happened, as it is told; grows with the run.
class RunLogModel : public QStandardItemModel {
    Q_OBJECT

public:
    explicit RunLogModel(std::shared_ptr<RunController> run, QObject* parent = nullptr);

private:
    void takeNews();
    QString kindText(RunEvent::Kind kind) const;

    std::shared_ptr<RunController> m_run;
    std::size_t m_taken = 0;
};

}  // namespace preflab
