// SPDX-License-Identifier: GPL-3.0-or-later
// One line of a chart: what of its series is drawn for the stretch that is visible.
#pragma once

#include "ui/models/runs/metrics_store.h"
#include "ui/plots/plot_style.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace preflab {

/// A series and how it is shown.
struct ChartLine {
    enum class Fill { None, ToZero, ToPrevious };
    enum class Smoothing { Smoothed, AsMeasured };
    enum class Side { Left, Right };

    std::shared_ptr<const MetricsStore> store;
    std::string metric;
    QString name;
    LineLook look;
    Fill fill = Fill::None;                     ///< to 0, or to the line before: stacked areas
    Smoothing smoothing = Smoothing::Smoothed;  ///< held-out lines are never smoothed
    Side side = Side::Left;                     ///< of the axis it is read on
};

/// Above this many visible points a line is drawn from bins, thin and without fills.
inline constexpr std::size_t kDensePoints = 5000;

/// Two graphs of a plot: the raw line, faint, and the smoothed one. At most a few thousand points go into them, whatever
/// the series' length.
class LineGraphs {
public:
    LineGraphs(QCustomPlot& plot, ChartLine line, const LineGraphs* previous);
    ~LineGraphs();
    LineGraphs(const LineGraphs&) = delete;
    LineGraphs& operator=(const LineGraphs&) = delete;

    const ChartLine& line() const { return m_line; }
    const MetricSeries* series() const;
    void setWeight(double weight);
    void applyStyle(const PlotStyle& style);
    /// Takes over what is visible.
    void take(XAxis axis, const QCPRange& visible);
    /// Smallest and largest of what is visible, raw included.
    Extremes extremes(XAxis axis, const QCPRange& visible) const;
    /// Value of the strong line at an index of the series.
    double strongValue(std::size_t index) const;
    /// Whether there is a faint raw line below the strong one.
    bool hasRaw() const { return m_isSmoothed && m_smoothed.weight() > 0.0; }
    bool isDense() const { return m_isDense; }
    QCPAxis* valueAxis() const { return m_strong->valueAxis(); }
    /// Pixels of the strong line's points, for placing things beside it.
    QVector<QPointF> pixels() const;

private:
    std::pair<std::size_t, std::size_t> indices(XAxis axis, const QCPRange& visible) const;
    QVector<QCPGraphData> points(const std::vector<double>& values, XAxis axis, std::size_t first, std::size_t end,
                                 std::size_t stride) const;
    std::size_t smoothedStride(XAxis axis, std::size_t first, std::size_t end) const;
    QVector<QCPGraphData> binned(XAxis axis, std::size_t first, std::size_t end) const;
    void restyle();

    ChartLine m_line;
    bool m_isSmoothed;
    const LineGraphs* m_previous;
    SmoothedView m_smoothed;
    QCPGraph* m_raw;
    QCPGraph* m_strong;
    std::optional<PlotStyle> m_style;
    bool m_isDense = false;
};

}  // namespace preflab
