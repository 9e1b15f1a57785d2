// SPDX-License-Identifier: GPL-3.0-or-later
// Curves over the steps of one run or of several.
#pragma once

#include "ui/plots/line_graphs.h"
#include "ui/plots/plot_area.h"
#include "ui/plots/plot_marks.h"

#include <memory>
#include <optional>
#include <vector>

namespace preflab {

class Crosshair;
class Readout;

/// Raw lines faint below smoothed ones, held-out dashed with rings, reference lines with their meaning, one crosshair
/// with the other charts of its page.
class LineChart : public PlotArea {
    Q_OBJECT

public:
    explicit LineChart(const QString& title, QWidget* parent = nullptr);
    ~LineChart() override;

    void setLines(std::vector<ChartLine> lines);
    void setReferences(const QList<ReferenceLine>& references);
    /// A stretch of steps where something is wrong; nothing takes it away.
    void setAlarm(const std::optional<AlarmBand>& steps);
    const std::optional<AlarmBand>& alarm() const { return m_alarm; }
    /// Steps that will have been: what is to come stays empty. 0: unknown.
    void setBudget(double steps);
    void setXAxis(XAxis axis);
    /// Weight of the moving average, 0 to 0.999.
    void setSmoothing(double weight);
    /// y in percent.
    void setPercent();
    /// The value axis begins at 0: areas.
    void setFromZero();
    void setCrosshair(Crosshair* crosshair);

    QList<LegendEntry> legend() const override;
    std::function<PlotTable()> tableWork() const override;
    QString summary() const override;
    /// What the crosshair reads here; empty while it is nowhere.
    QString readoutText() const;
    /// Steps from and to as x of this chart.
    void zoomToSteps(double from, double to);

protected:
    void takeData(const QCPRange& visible) override;
    QCPRange wholeX() const override;
    QCPRange wholeY(const QCPRange& visible) const override;
    void applyStyle(const PlotStyle& style) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const LineGraphs* firstWithData() const;
    QString valueText(const ChartLine& line, double value) const;
    QString placeText(double x) const;
    void showCrosshair();
    void placeReadout();
    void moveCrosshair(int points);
    void fitRightAxis(const QCPRange& visible);

    std::vector<std::unique_ptr<LineGraphs>> m_lines;
    PlotMarks* m_marks;
    CrosshairMark* m_mark;
    Readout* m_readout;
    Crosshair* m_crosshair = nullptr;
    std::optional<AlarmBand> m_alarm;
    XAxis m_axis = XAxis::Step;
    double m_budget = 0.0;
    double m_smoothing = 0.0;
    bool m_isPercent = false, m_isFromZero = false;
};

}  // namespace preflab
