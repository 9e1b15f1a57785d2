// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of figures.
#include "ui/plots/plot_table_model.h"

#include "ui/models/number_text.h"

#include <cmath>
#include <utility>

namespace preflab {

PlotTableModel::PlotTableModel(PlotTable table, QObject* parent) : QAbstractTableModel(parent), m_table(std::move(table))
{
}

int PlotTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_table.columns.empty() ? 0 : static_cast<int>(m_table.columns.front().size());
}

int PlotTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant PlotTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    if (role == Qt::TextAlignmentRole) return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const double value =
        m_table.columns[static_cast<std::size_t>(index.column())][static_cast<std::size_t>(index.row())];
    return std::isfinite(value) ? figureText(value, 6) : QString();
}

QVariant PlotTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return m_table.headers.value(section);
}

}  // namespace preflab
