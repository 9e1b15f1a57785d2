// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of one run while it computes, or as they were.
#pragma once

#include "core/runs/backend.h"
#include "core/runs/run_findings.h"
#include "ui/models/runs/run_controller.h"
#include "ui/plots/chart_card.h"
#include "ui/plots/chart_scheduler.h"
#include "ui/plots/crosshair.h"

#include <QFrame>
#include <QList>

#include <memory>

class QGridLayout;
class QHBoxLayout;
class QScrollArea;

namespace preflab {

class Button;
class FindingsPanel;
class LineChart;
class NumberField;
class ScaledSlider;
class Segmented;

/// Toolbar, charts in two columns (three from 1600 pixels on), findings at the right.
class LiveCurves : public QFrame {
    Q_OBJECT

public:
    LiveCurves(std::shared_ptr<RunController> run, const ComponentDescription& method, QWidget* parent = nullptr);

    const QList<ChartCard*>& cards() const { return m_cards; }
    LineChart* chart(const QString& id) const;
    FindingsPanel& findings() const { return *m_findings; }
    ChartScheduler& scheduler() { return m_scheduler; }
    /// They fill their tab (see Page).
    bool hasHeightForWidth() const override { return false; }

Q_SIGNALS:
    void answersWanted();
    void saved(const QString& path);
    void failed(const preflab::Error& error);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeToolbar();
    void addSmoothing(QHBoxLayout& row);
    void makeCharts(const ComponentDescription& method);
    void setSmoothing(double weight);
    void setXAxis(const QString& id);
    void setLogarithmic(bool isLogarithmic);
    void updateCharts();
    void showAlarms();
    void showFinding(const RunFinding& finding);
    void arrange();

    std::shared_ptr<RunController> m_run;
    ChartScheduler m_scheduler;
    Crosshair m_crosshair;
    QList<ChartCard*> m_cards;
    FindingsPanel* m_findings;
    Segmented* m_axis = nullptr;
    ScaledSlider* m_smoothing = nullptr;
    NumberField* m_weight = nullptr;
    Button* m_panelButton = nullptr;
    QScrollArea* m_scroll = nullptr;
    QGridLayout* m_grid = nullptr;
    int m_columns = 0;
};

}  // namespace preflab
