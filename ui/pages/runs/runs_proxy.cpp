// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the whole row are searched.
#include "ui/pages/runs/runs_proxy.h"

#include "ui/models/runs/runs_model.h"

#include <algorithm>

namespace preflab {

RunsProxy::RunsProxy(QObject* parent) : QSortFilterProxyModel(parent)
{
    setSortRole(RunsModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void RunsProxy::setWords(const QString& words)
{
    m_words = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool RunsProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    QString text = sourceModel()->index(row, RunsModel::Name, parent).data(RunsModel::NoteRole).toString();
    for (const auto column : {RunsModel::Name, RunsModel::Method, RunsModel::Outcome})
        text += QLatin1Char('\n') + sourceModel()->index(row, column, parent).data().toString();
    return std::ranges::all_of(m_words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

QVariant RunsProxy::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    if (role == Qt::ToolTipRole) {
        const QString best = QSortFilterProxyModel::data(index, RunsModel::BestRole).toString();
        if (!best.isEmpty()) return best;
    }
    return QSortFilterProxyModel::data(index, role);
}

}  // namespace preflab
