// SPDX-License-Identifier: GPL-3.0-or-later
// The projects opened before, with what the open one is doing now.
#pragma once

#include "ui/models/app/app_settings.h"

#include <QAbstractListModel>
#include <QSet>

#include <filesystem>

namespace preflab {

class Workspace;

/// Latest first. Whether a project is still there is looked up off the UI thread; until then it counts as there.
class RecentProjectsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        FolderRole = Qt::UserRole + 1,  ///< path as text
        ContentsRole,                   ///< "2 354 pairs · 7 runs"
        WhenRole,                       ///< "today, 14:20"
        JobRole,                        ///< "training, 62 %"; empty when nothing runs in it
        IsGoneRole,                     ///< the folder is no longer there
        IsOpenRole,                     ///< it is the workspace's project
    };

    explicit RecentProjectsModel(Workspace& workspace, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    std::filesystem::path folderAt(int row) const { return m_projects[row].folder; }
    /// Takes a project out of the list; nothing of it is deleted.
    void forget(int row);
    /// Looks again which of them are there.
    void checkFolders();

private:
    void reload();
    void followRuns();
    void refreshOpen();
    bool isOpen(const RecentProject& project) const;
    QString name(const RecentProject& project) const;
    QString contents(const RecentProject& project) const;
    QString job(const RecentProject& project) const;

    Workspace& m_workspace;
    QList<RecentProject> m_projects;
    QSet<QString> m_gone;
    quint64 m_generation = 0;
};

/// "today, 14:20", "yesterday", "12 June", "12 June 2024": a moment as one remembers it.
QString whenText(const QDateTime& moment, const QDateTime& now);

}  // namespace preflab
