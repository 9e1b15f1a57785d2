// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of figures.
#include "ui/plots/plot_table_model.h"

#include "ui/models/app/number_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace preflab {

PlotTableModel::PlotTableModel(PlotTable table, QObject* parent)
    : QAbstractTableModel(parent), m_table(std::move(table))
{
    for (const auto& column : m_table.columns) {
        m_areWhole.push_back(std::ranges::all_of(
            column, [](double value) { return std::abs(value) < 1e15 && value == std::round(value); }));
    }
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
    const auto column = static_cast<std::size_t>(index.column());
    const double value = m_table.columns[column][static_cast<std::size_t>(index.row())];
    if (m_areWhole[column]) return groupedText(static_cast<std::int64_t>(value));
    return std::isfinite(value) ? figureText(value, 6) : QString();
}

QVariant PlotTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return m_table.headers.value(section);
}

}  // namespace preflab
