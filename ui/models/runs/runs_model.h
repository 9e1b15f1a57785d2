// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a project as a table.
#pragma once

#include "core/runs/run_store.h"
#include "ui/models/app/table_roles.h"

#include <QAbstractTableModel>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

class RunCenter;
struct RunEntry;

/// One row a run, latest first. Sorting is done by a proxy on `SortRole`: runs are hundreds, not millions.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Method, Outcome, Steps, Loss, Accuracy, Margin, Curve, Created, Duration, ColumnCount };
    /// Besides SeriesIndexRole (the run's colour and dash) and SparklineRole (its loss) of table_roles.h.
    enum Role {
        RunIdRole = Qt::UserRole + 1,
        SortRole,
        SeriesRole = SeriesIndexRole,  ///< index of the run's colour and dash
        StateRole = Qt::UserRole + 3,  ///< "finished", "running", …
        NoteRole,
        BestRole,  ///< text beside the last value: the best one and its step
    };

    explicit RunsModel(RunCenter& center, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// The name can be edited in place.
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    /// A metric of a run as its cell shows it: of a run that computes, what it logged until now. Nothing without values.
    std::optional<MetricSummary> summaryOf(const RunEntry& entry, const std::string& metric) const;
    /// Checkpoints until now.
    std::size_t checkpointsOf(const RunEntry& entry) const;
    /// An outcome of RunRecord as a word.
    static QString outcomeText(const std::string& outcome);
    QString runAt(int row) const;
    /// Row of a run; -1 when it is not in the list.
    int rowOf(const QString& run) const;

    /// Makes the center's list `shown` the same as `next`, row by row: selections and open editors stay. Both are in
    /// order of creation.
    void replace(std::vector<RunEntry>& shown, std::vector<RunEntry> next);
    /// Adds a run that was made just now to the center's list.
    void append(std::vector<RunEntry>& shown, RunEntry run);
    /// A run came further; its name did not change.
    void refreshRun(const QString& run);

private:
    const RunEntry& entry(int row) const;
    void insert(std::vector<RunEntry>& shown, std::size_t position, RunEntry run);
    QVariant display(const RunEntry& entry, Column column) const;
    QVariant sortKey(const RunEntry& entry, Column column) const;
    QString metricText(const RunEntry& entry, Column column) const;
    QString bestText(const RunEntry& entry, Column column) const;

    RunCenter& m_center;
};

}  // namespace preflab
