// SPDX-License-Identifier: GPL-3.0-or-later
// A model's tensors as a table, filtered by name.
#pragma once

#include "core/runs/backend.h"

#include <QAbstractTableModel>

#include <vector>

namespace preflab {

/// In the order of the model's files. UI thread.
class TensorsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Shape, Type, Parameters, ColumnCount };

    explicit TensorsModel(QObject* parent = nullptr);

    void setTensors(std::vector<ModelReport::Tensor> tensors);
    /// Shows only tensors whose name holds every word of `text`, in any case.
    void setFilter(const QString& text);
    const QString& filter() const { return m_filter; }
    /// How many there are without the filter.
    int total() const { return static_cast<int>(m_tensors.size()); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void applyFilter();

    std::vector<ModelReport::Tensor> m_tensors;
    std::vector<std::size_t> m_shown;  ///< indices of m_tensors
    QString m_filter;
};

}  // namespace preflab
