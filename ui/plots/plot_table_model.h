// SPDX-License-Identifier: GPL-3.0-or-later
// A plot's data as a table, for everybody who does not see curves.
#pragma once

#include "ui/plots/plot_area.h"

#include <QAbstractTableModel>

namespace preflab {

/// A copy of what a plot showed when it was made.
class PlotTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit PlotTableModel(PlotTable table, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    PlotTable m_table;
    std::vector<bool> m_areWhole;  ///< columns of whole numbers alone: steps
};

}  // namespace preflab
