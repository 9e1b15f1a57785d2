// SPDX-License-Identifier: GPL-3.0-or-later
// Whom one can ask: the project's model as it is, and as each run left it.
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace preflab {

class Workspace;

/// The base model first, then runs with weights, latest first. Which runs have weights is looked up off the UI thread.
class AnswerSources : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { FolderRole = Qt::UserRole + 1 };

    explicit AnswerSources(Workspace& workspace, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    std::filesystem::path folderAt(int row) const { return m_sources[static_cast<std::size_t>(row)].folder; }
    /// The row of a model folder; -1 when it is not among them.
    int rowOf(const std::filesystem::path& folder) const;
    /// Looks again which runs have weights.
    void refresh();

private:
    struct Source {
        QString name;
        std::filesystem::path folder;
        bool operator==(const Source&) const = default;
    };
    void followRuns();
    void setRuns(std::vector<Source> runs);

    Workspace& m_workspace;
    std::vector<Source> m_sources;
    quint64 m_generation = 0;
};

}  // namespace preflab
