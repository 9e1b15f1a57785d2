// SPDX-License-Identifier: GPL-3.0-or-later
// The runs as the table of the page wants them: filtered, sorted, with the best value beside the last.
#pragma once

#include <QSortFilterProxyModel>
#include <QString>

namespace preflab {

/// Over a RunsModel; hundreds of rows.
class RunsProxy : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit RunsProxy(QObject* parent = nullptr);
    /// Keeps runs whose name, method, outcome or note has all the words.
    void setWords(const QString& words);
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
};

}  // namespace preflab
