// SPDX-License-Identifier: GPL-3.0-or-later
// The card that says in words what a model is.
#pragma once

#include "core/runs/backend.h"
#include "ui/widgets/blocks.h"

class QGridLayout;

namespace preflab {

/// Two columns of titles and texts.
class ModelOverview : public Card {
    Q_OBJECT

public:
    explicit ModelOverview(QWidget* parent = nullptr);
    void setReport(const ModelReport& report);
    /// "Kind: Llama, 5 layers, width 64", a line each.
    QString plainText() const { return m_plainText; }

private:
    void addFact(int row, int column, const QString& title, QWidget* text, const QString& plain);

    QGridLayout* m_grid;
    QString m_plainText;
};

}  // namespace preflab
