// SPDX-License-Identifier: GPL-3.0-or-later
// The box beside the crosshair: where it is, and what the curves are there.
#pragma once

#include "ui/plots/plot_style.h"

#include <QFrame>
#include <QList>
#include <QString>

namespace preflab {

/// A child of its plot, not a plot item: it moves without redrawing curves.
class Readout : public QFrame {
    Q_OBJECT

public:
    explicit Readout(QWidget* plot);

    /// One curve.
    struct Row {
        LineLook look;
        QString name;
        QString value;
        double number = 0.0;  ///< rows stand in the order of their values
        bool isRaw = false;
    };
    void setRows(const QString& title, QList<Row> rows);
    /// Everything as text: "step 150: smoothed 0.636, raw 0.659".
    QString text() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_title;
    QList<Row> m_rows;
};

}  // namespace preflab
