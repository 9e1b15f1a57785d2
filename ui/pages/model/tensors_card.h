// SPDX-License-Identifier: GPL-3.0-or-later
// The card with a model's tensors and a search by name.
#pragma once

#include "core/runs/backend.h"

#include <QFrame>

#include <vector>

class QLineEdit;

namespace preflab {

class Badge;
class StateView;
class TableView;
class TensorsModel;

/// Its table scrolls; the search narrows it while one types.
class TensorsCard : public QFrame {
    Q_OBJECT

public:
    explicit TensorsCard(QWidget* parent = nullptr);
    void setTensors(std::vector<ModelReport::Tensor> tensors);
    TensorsModel& model() { return *m_model; }

private:
    void makeTable();
    void search(const QString& text);

    TensorsModel* m_model;
    TableView* m_table = nullptr;
    StateView* m_state = nullptr;
    Badge* m_count;
    QLineEdit* m_search;
};

}  // namespace preflab
