// SPDX-License-Identifier: GPL-3.0-or-later
// Where labels of a chart go so that they cover neither curves nor each other. Picture coordinates: y grows downwards.
#pragma once

#include "core/report/report_scale.h"

#include <string>
#include <vector>

namespace preflab {

/// Longest label at a curve's end.
inline constexpr std::size_t kEndLabelCharacters = 16;

/// Room that a label of so many characters needs in the charts' small type.
double labelWidth(std::size_t characters);

/// "12.5": a coordinate with one decimal, always with a plain minus and point.
std::string coordinate(double value);

/// Where a text starts (or ends).
struct LabelSpot {
    double x = 0.0;
    double y = 0.0;
    bool isAtEnd = false;  ///< `x` is the text's right end
};

/// The spot beside a horizontal line at `lineY`, left or right, above or below, that has most room to `obstacles`.
LabelSpot clearestSpot(const std::vector<ChartPoint>& obstacles, ChartPoint topLeft, ChartPoint bottomRight,
                       double lineY, double width);

/// Moves labels apart to line distance, keeping their order, between `top` and `bottom`.
std::vector<double> spreadLabels(const std::vector<double>& wanted, double top, double bottom);

}  // namespace preflab
