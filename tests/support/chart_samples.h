// SPDX-License-Identifier: GPL-3.0-or-later
// Charts of made-up curves, and how a user moves them.
#pragma once

#include "ui/plots/line_chart.h"

#include <QApplication>
#include <QImage>
#include <QPixmap>
#include <QWheelEvent>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace preflab::test {

inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

/// Names of the series that `curveOf` makes.
inline const std::vector<std::string> kCurveNames{"loss", "eval_loss"};

/// A loss over `steps` steps with the values of `lossAt`, evaluated five times.
inline std::shared_ptr<MetricsStore> curveOf(std::int64_t steps, const std::function<double(std::int64_t)>& lossAt)
{
    auto store = std::make_shared<MetricsStore>();
    const std::int64_t every = std::max<std::int64_t>(steps / 5, 1);
    std::vector<MetricRow> rows;
    rows.reserve(static_cast<std::size_t>(steps));
    for (std::int64_t step = 1; step <= steps; ++step) {
        MetricRow row{step, 0.5 * static_cast<double>(step), {{0, lossAt(step)}}};
        if (step % every == 0)
            row.values.push_back({1, 0.7 - 0.1 * static_cast<double>(step) / static_cast<double>(steps)});
        rows.push_back(std::move(row));
    }
    store->append(rows, kCurveNames);
    return store;
}

/// A loss that falls from 0.69 and trembles.
inline std::shared_ptr<MetricsStore> fallingCurve(std::int64_t steps)
{
    return curveOf(steps, [steps](std::int64_t step) {
        const auto at = static_cast<double>(step);
        return 0.69 - 0.1 * at / static_cast<double>(steps) + 0.01 * std::sin(at);
    });
}

/// One more step of a curve.
inline void appendLoss(MetricsStore& store, std::int64_t step, double loss)
{
    store.append({{step, 0.5 * static_cast<double>(step), {{0, loss}}}}, kCurveNames);
}

/// A line of a store, held-out ones in their look.
inline ChartLine lineOf(const std::shared_ptr<MetricsStore>& store, const std::string& metric, const QString& name)
{
    ChartLine line;
    line.store = store;
    line.metric = metric;
    line.name = name;
    if (isHeldOutMetric(metric)) line.look = line.look.heldOut();
    return line;
}

/// A chart of loss and held-out loss, smoothed by 0.9, drawn once. Graphs 0 and 1 are the raw and the strong line of the
/// loss, 2 and 3 those of the held-out loss.
inline std::unique_ptr<LineChart> lossChart(const std::shared_ptr<MetricsStore>& store, QWidget* parent = nullptr)
{
    auto chart = std::make_unique<LineChart>(QStringLiteral("Loss"), parent);
    chart->setLines(
        {lineOf(store, "loss", QStringLiteral("train")), lineOf(store, "eval_loss", QStringLiteral("held-out"))});
    chart->setSmoothing(0.9);
    chart->resize(500, 300);
    chart->show();
    chart->redraw();
    return chart;
}

/// The middle of the area between the axes.
inline QPoint middleOf(const LineChart& chart)
{
    return chart.axisRect()->rect().center();
}

/// Two notches of the wheel, towards the screen.
inline void turnWheel(QWidget& widget, const QPoint& at, Qt::KeyboardModifiers modifiers = {})
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, 240}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

/// Whether a curve of that colour passes through the pixel column of `x`.
inline bool isDrawnAt(LineChart& chart, double x, const QColor& color)
{
    const QImage picture = chart.toPixmap(chart.width(), chart.height()).toImage();
    const int column = static_cast<int>(std::round(chart.xAxis->coordToPixel(x)));
    for (int y = chart.axisRect()->top(); y < chart.axisRect()->bottom(); ++y) {
        const QColor there = picture.pixelColor(column, y);
        const int apart = std::abs(there.red() - color.red()) + std::abs(there.green() - color.green()) +
                          std::abs(there.blue() - color.blue());
        if (apart < 60) return true;
    }
    return false;
}

}  // namespace preflab::test
