// SPDX-License-Identifier: GPL-3.0-or-later
// One chart of a report as an HTML figure with inline SVG. Colours are CSS variables, so the page's theme decides.
#pragma once

#include "core/report/report_scale.h"

#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// One curve.
struct ChartSeries {
    std::string label;        ///< in legend and at the curve's end, e.g. "DPO"
    std::string style;        ///< CSS class that gives colour and dash: "series-1", "chosen", "rejected"
    ChartPoints points;       ///< finite, in order of steps
    bool isMeasured = false;  ///< few evaluations: ring markers, never smoothed
    bool isHeldOut = false;   ///< dash of held-out curves beside the training curve of the same colour
    bool isSolid = false;     ///< drawn without the style's dash, as such a training curve is
};

/// A value worth comparing with, e.g. ln 2.
struct ChartReference {
    double value = 0.0;
    std::string text;  ///< "ln 2: no preference learned"
};

/// A chart before it is drawn.
struct Chart {
    std::string title;
    std::string unit;      ///< after the title; "share" draws percent
    std::string sentence;  ///< what to look for, below the curves
    std::vector<ChartSeries> series;
    std::optional<ChartReference> reference;
    /// Drawn at least over these values, so that neighbouring charts can share an axis.
    std::optional<ChartPoint> range;
};

/// Above this number of points a training curve is drawn thin, with its moving average on top: single batches jump.
inline constexpr std::size_t kSmoothedAbove = 60;

/// Lowest and highest value that the chart will show, before rounding.
ChartPoint valueRange(const Chart& chart);

/// The figure. A chart without points is empty text.
std::string chartHtml(const Chart& chart);

}  // namespace preflab
