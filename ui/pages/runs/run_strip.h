// SPDX-License-Identifier: GPL-3.0-or-later
// How far a run is, how fast, how much it takes: the line below its header.
#pragma once

#include "ui/models/runs/run_controller.h"

#include <QFrame>
#include <QList>

#include <memory>

class QHBoxLayout;
namespace preflab {

class FigureLabel;
class ThinProgress;

/// Shows what the controller says, nothing else.
class RunStrip : public QFrame {
    Q_OBJECT

public:
    explicit RunStrip(std::shared_ptr<RunController> run, QWidget* parent = nullptr);

private:
    FigureLabel* addFigure(QHBoxLayout& layout, const QString& title);
    void showFigures();
    QString stepText() const;

    std::shared_ptr<RunController> m_run;
    FigureLabel* m_step;
    FigureLabel* m_epoch;
    FigureLabel* m_percent;
    ThinProgress* m_bar;
    FigureLabel *m_left, *m_elapsed, *m_speed, *m_memory, *m_rate, *m_norm;
};

}  // namespace preflab
