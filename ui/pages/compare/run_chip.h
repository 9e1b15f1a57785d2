// SPDX-License-Identifier: GPL-3.0-or-later
// A run in the bar of compared runs: its line, name, method, and a cross.
#pragma once

#include "ui/models/runs/run_controller.h"

#include <QFrame>

namespace preflab {

/// As wide as it needs to be.
class RunChip : public QFrame {
    Q_OBJECT

public:
    RunChip(const RunController& run, int seriesIndex, QWidget* parent = nullptr);

Q_SIGNALS:
    void removed();
};

/// A sample of a run's line: its colour and dash.
class LineSample : public QWidget {
    Q_OBJECT

public:
    explicit LineSample(int seriesIndex, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_series;
};

}  // namespace preflab
