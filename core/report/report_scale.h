// SPDX-License-Identifier: GPL-3.0-or-later
// Axes and curves of reports in numbers: round ticks, smoothing, thinning.
#pragma once

#include <cstddef>
#include <vector>

namespace preflab {

/// One point of a curve: step and value.
struct ChartPoint {
    double x = 0.0;
    double y = 0.0;
};
using ChartPoints = std::vector<ChartPoint>;

/// An axis from `low` to `high` with round ticks on or between them.
struct Scale {
    double low = 0.0;
    double high = 1.0;
    std::vector<double> ticks;
    int decimals = 0;  ///< that tell the ticks apart
    /// Where a value lies: 0 at `low`, 1 at `high`.
    double share(double value) const { return (value - low) / (high - low); }
};

/// An axis that covers `low` to `high`, widened to round ends, with about `wanted` tick intervals.
Scale niceScale(double low, double high, int wanted);

/// Ticks at round steps from 0 to `last`, which ends the axis even where it is not round.
Scale stepScale(double last);

/// Moving average with triangular weights over `reach` points to either side: centred, so that it does not trail a
/// curve that falls or rises. At the ends only what is there is averaged.
ChartPoints smoothed(const ChartPoints& points, std::size_t reach);

/// At most about `limit` points: of each stretch the lowest and the highest in their order.
ChartPoints thinned(const ChartPoints& points, std::size_t limit);

/// The smallest range that holds all but `share` of the values at either end.
ChartPoint robustRange(const ChartPoints& points, double share);

}  // namespace preflab
