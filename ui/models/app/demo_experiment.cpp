// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the demo's project and orders its runs.
#include "ui/models/app/demo_experiment.h"

#include "core/base/resources.h"
#include "core/base/system.h"
#include "core/runs/demo_plan.h"
#include "ui/models/app/background.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

#include <QtConcurrent>

namespace preflab {

DemoExperiment::DemoExperiment(Workspace& workspace, QObject* parent) : QObject(parent), m_workspace(workspace) {}

std::filesystem::path DemoExperiment::projectFolder()
{
    return dataFolder() / "demo";
}

void DemoExperiment::start()
{
    whenDone(QtConcurrent::run([]() -> Result<std::vector<RunSpec>> {
                 TRY(const auto resources, resourceFolder(executablePath()));
                 return readDemoPlan(resources / "demo");
             }),
             this, [this](const Result<std::vector<RunSpec>>& specs) {
                 if (!specs) {
                     Q_EMIT failed(specs.error());
                     return;
                 }
                 m_workspace.openProject(projectFolder(), [this, specs = *specs] { order(specs); });
             });
}

void DemoExperiment::order(const std::vector<RunSpec>& specs)
{
    m_workspace.openModel(specs.front().model);
    m_workspace.openDataset(specs.front().data);
    RunCenter& runs = *m_workspace.runs();
    if (runs.isLoaded())
        startOnce(specs);
    else
        connect(
            &runs, &RunCenter::listChanged, this, [this, specs] { startOnce(specs); }, Qt::SingleShotConnection);
}

void DemoExperiment::startOnce(const std::vector<RunSpec>& specs)
{
    RunCenter& runs = *m_workspace.runs();
    if (m_isOrdering) return;  // asked for twice
    if (!runs.runs().empty()) {
        Q_EMIT reopened();
        return;
    }
    m_isOrdering = true;
    connect(
        &runs, &RunCenter::started, this,
        [this](const QStringList& ids) {
            m_isOrdering = false;
            Q_EMIT started(ids.value(0));
        },
        Qt::SingleShotConnection);
    connect(&runs, &QObject::destroyed, this, [this] { m_isOrdering = false; });
    connect(&runs, &RunCenter::failed, this, [this] { m_isOrdering = false; });
    runs.start(specs);
}

}  // namespace preflab
