// SPDX-License-Identifier: GPL-3.0-or-later
// The demo: a project of its own with the model, the pairs and the runs that come with PrefLab.
#pragma once

#include "core/base/result.h"
#include "core/runs/run_spec.h"

#include <QObject>

#include <filesystem>
#include <vector>

namespace preflab {

class Workspace;

/// Starts it from anywhere: opens the project, its model and its pairs, and orders the runs the first time.
class DemoExperiment : public QObject {
    Q_OBJECT

public:
    explicit DemoExperiment(Workspace& workspace, QObject* parent = nullptr);

    /// Where the demo's project lies: "<data folder>/demo".
    static std::filesystem::path projectFolder();
    /// Returns at once; ends in `started`, `reopened` or `failed`.
    void start();

Q_SIGNALS:
    void started(const QString& run);  ///< the first of the runs just ordered
    void reopened();                   ///< the demo has run before; its project is open
    void failed(const preflab::Error& error);

private:
    void order(const std::vector<RunSpec>& specs);
    void startOnce(const std::vector<RunSpec>& specs);

    Workspace& m_workspace;
    bool m_isOrdering = false;  ///< the runs are on their way into the list
};

}  // namespace preflab
