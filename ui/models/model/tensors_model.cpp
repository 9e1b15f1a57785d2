// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors of a model report.
#include "ui/models/model/tensors_model.h"

#include "ui/models/app/number_text.h"

#include <algorithm>
#include <utility>

namespace preflab {

TensorsModel::TensorsModel(QObject* parent) : QAbstractTableModel(parent) {}

void TensorsModel::setTensors(std::vector<ModelReport::Tensor> tensors)
{
    beginResetModel();
    m_tensors = std::move(tensors);
    applyFilter();
    endResetModel();
}

void TensorsModel::setFilter(const QString& text)
{
    if (text == m_filter) return;
    beginResetModel();
    m_filter = text;
    applyFilter();
    endResetModel();
}

void TensorsModel::applyFilter()
{
    const QStringList words = m_filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_shown.clear();
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        const QString name = QString::fromStdString(m_tensors[i].name);
        const bool isShown =
            std::ranges::all_of(words, [&](const QString& word) { return name.contains(word, Qt::CaseInsensitive); });
        if (isShown) m_shown.push_back(i);
    }
}

int TensorsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int TensorsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TensorsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const ModelReport::Tensor& tensor = m_tensors[m_shown[static_cast<std::size_t>(index.row())]];
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = index.column() == Shape || index.column() == Parameters;
        return QVariant::fromValue(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role == Qt::ToolTipRole && index.column() == Parameters) return tr("%1 on disk").arg(sizeText(tensor.bytes));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
    case Name:
        return QString::fromStdString(tensor.name);
    case Shape:
        return QString::fromStdString(tensor.shape);
    case Type:
        return QString::fromStdString(tensor.dtype).toLower();
    case Parameters:
        return groupedText(tensor.parameters);
    default:
        return {};
    }
}

QVariant TensorsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == Shape || section == Parameters;
        return QVariant::fromValue(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Shape:
        return tr("Shape");
    case Type:
        return tr("Type");
    case Parameters:
        return tr("Parameters");
    default:
        return {};
    }
}

}  // namespace preflab
