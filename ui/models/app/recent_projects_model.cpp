// SPDX-License-Identifier: GPL-3.0-or-later
// Recent projects from the settings, the open one from the workspace.
#include "ui/models/app/recent_projects_model.h"

#include "ui/models/app/background.h"
#include "ui/models/app/demo_experiment.h"
#include "ui/models/app/number_text.h"
#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QtConcurrent>

namespace preflab {
namespace {

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

}  // namespace

QString whenText(const QDateTime& moment, const QDateTime& now)
{
    if (!moment.isValid()) return {};
    const QDateTime local = moment.toLocalTime();
    const QLocale locale;
    const qint64 days = local.date().daysTo(now.toLocalTime().date());
    if (days <= 0)
        return QCoreApplication::translate("RecentProjectsModel", "today, %1")
            .arg(locale.toString(local, QStringLiteral("HH:mm")));
    if (days == 1) return QCoreApplication::translate("RecentProjectsModel", "yesterday");
    const bool isThisYear = local.date().year() == now.toLocalTime().date().year();
    return locale.toString(local, isThisYear ? QStringLiteral("d MMMM") : QStringLiteral("d MMMM yyyy"));
}

RecentProjectsModel::RecentProjectsModel(Workspace& workspace, QObject* parent)
    : QAbstractListModel(parent), m_workspace(workspace)
{
    connect(&workspace.settings(), &AppSettings::recentChanged, this, &RecentProjectsModel::reload);
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        followRuns();
        refreshOpen();
    });
    connect(&workspace, &Workspace::datasetChanged, this, [this] {
        if (DatasetSession* dataset = m_workspace.dataset())
            connect(dataset, &DatasetSession::opened, this, &RecentProjectsModel::refreshOpen);
        refreshOpen();
    });
    followRuns();
    reload();
}

void RecentProjectsModel::followRuns()
{
    RunCenter* runs = m_workspace.runs();
    if (runs == nullptr) return;
    connect(runs, &RunCenter::activeChanged, this, &RecentProjectsModel::refreshOpen);
    connect(runs, &RunCenter::activeMoved, this, &RecentProjectsModel::refreshOpen);
    connect(runs, &RunCenter::listChanged, this, &RecentProjectsModel::refreshOpen);
}

void RecentProjectsModel::reload()
{
    beginResetModel();
    m_projects = m_workspace.settings().recentProjects();
    endResetModel();
    checkFolders();
}

void RecentProjectsModel::checkFolders()
{
    QStringList folders;
    for (const RecentProject& project : std::as_const(m_projects)) folders.push_back(textOf(project.folder));
    whenDone(QtConcurrent::run([folders] {
                 QSet<QString> gone;
                 for (const QString& folder : folders) {
                     std::error_code error;
                     const bool isThere =
                         std::filesystem::exists(std::filesystem::path(folder.toStdString()) / "project.db", error);
                     if (!isThere) gone.insert(folder);
                 }
                 return gone;
             }),
             this, [this, generation = ++m_generation](const QSet<QString>& gone) {
                 if (generation != m_generation || gone == m_gone) return;
                 m_gone = gone;
                 if (!m_projects.isEmpty())
                     Q_EMIT dataChanged(index(0), index(rowCount() - 1), {IsGoneRole, ContentsRole});
             });
}

int RecentProjectsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_projects.size());
}

QVariant RecentProjectsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_projects.size()) return {};
    const RecentProject& project = m_projects[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return name(project);
    case Qt::ToolTipRole:
    case FolderRole:
        return textOf(project.folder);
    case ContentsRole:
        return contents(project);
    case WhenRole:
        return whenText(QDateTime::fromString(project.opened, Qt::ISODate), QDateTime::currentDateTime());
    case JobRole:
        return job(project);
    case IsGoneRole:
        return m_gone.contains(textOf(project.folder));
    case IsOpenRole:
        return isOpen(project);
    default:
        return {};
    }
}

void RecentProjectsModel::forget(int row)
{
    m_workspace.settings().forgetRecent(folderAt(row));
}

bool RecentProjectsModel::isOpen(const RecentProject& project) const
{
    return m_workspace.project() && m_workspace.project()->folder() == project.folder;
}

QString RecentProjectsModel::name(const RecentProject& project) const
{
    if (isOpen(project)) return m_workspace.projectName();
    if (project.folder == Project::defaultFolder()) return tr("Unnamed project");
    if (project.folder == DemoExperiment::projectFolder()) return tr("Demo experiment");
    return textOf(project.folder.filename());
}

QString RecentProjectsModel::contents(const RecentProject& project) const
{
    if (m_gone.contains(textOf(project.folder))) return tr("not there any more");
    qint64 pairs = project.pairs;
    int runs = project.runs;
    if (isOpen(project)) {
        const DatasetSession* dataset = m_workspace.dataset();
        if (dataset != nullptr && dataset->phase() == DatasetSession::Phase::Open) pairs = dataset->rowCount();
        if (m_workspace.runs()->isLoaded()) runs = static_cast<int>(m_workspace.runs()->runs().size());
    }
    const QString runsText = tr("%n run(s)", nullptr, runs);
    if (pairs < 0) return runsText;
    const QString pairsText = tr("%1 pair(s)", nullptr, static_cast<int>(pairs)).arg(groupedText(pairs));
    //: pairs, then runs: "2 354 pairs · 7 runs"
    return tr("%1 · %2").arg(pairsText, runsText);
}

QString RecentProjectsModel::job(const RecentProject& project) const
{
    if (!isOpen(project)) return {};
    const auto active = m_workspace.runs()->active();
    if (!active) return {};
    //: what a run does and how far it is: "training, 62 %"
    return tr("%1, %2").arg(active->stateText(), percentText(active->share()));
}

void RecentProjectsModel::refreshOpen()
{
    // The one that was open before has to lose its job, so all of them are told.
    if (m_projects.isEmpty()) return;
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::DisplayRole, ContentsRole, JobRole, IsOpenRole});
}

}  // namespace preflab
