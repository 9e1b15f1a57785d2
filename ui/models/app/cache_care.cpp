// SPDX-License-Identifier: GPL-3.0-or-later
// The user's cache folder, watched on request.
#include "ui/models/app/cache_care.h"

#include "core/base/system.h"
#include "ui/models/app/background.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"

#include <QtConcurrent>

namespace preflab {

CacheCare::CacheCare(Workspace& workspace, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_folder(cacheFolder())
{
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        followRuns();
        Q_EMIT changed();
    });
    followRuns();
}

void CacheCare::followRuns()
{
    if (RunCenter* runs = m_workspace.runs()) connect(runs, &RunCenter::activeChanged, this, &CacheCare::changed);
}

void CacheCare::refresh()
{
    whenDone(QtConcurrent::run(&m_pool, [folder = m_folder] { return cacheContents(folder); }), this,
             [this, generation = ++m_generation](const CacheContents& contents) {
                 if (generation != m_generation) return;
                 m_contents = contents;
                 Q_EMIT changed();
             });
}

QString CacheCare::refusal() const
{
    const RunCenter* runs = m_workspace.runs();
    if (runs == nullptr || runs->unfinished().empty()) return {};
    return tr("The run “%1” is not over and uses the caches. They can be emptied once no run is left.")
        .arg(runs->unfinished().front()->name());
}

void CacheCare::empty()
{
    if (m_isEmptying || !refusal().isEmpty()) return;
    m_isEmptying = true;
    Q_EMIT changed();
    whenDone(QtConcurrent::run(&m_pool, [folder = m_folder] { return emptyCache(folder); }), this,
             [this](const EmptiedCache& done) {
                 m_isEmptying = false;
                 refresh();
                 Q_EMIT emptied(done);
                 Q_EMIT changed();
             });
}

}  // namespace preflab
