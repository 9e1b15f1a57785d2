// SPDX-License-Identifier: GPL-3.0-or-later
// One metric's values in order, with what drawing needs of them: extremes by bins, a smoothed view.
#pragma once

#include "core/runs/moving_average.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace preflab {

/// Smallest and largest of some values; `isEmpty` when none was finite.
struct Extremes {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();

    bool isEmpty() const { return lowest > highest; }
    /// Takes a value in; one that is not finite is left out.
    void add(double value);
    /// Takes all values of another in.
    void add(const Extremes& other);
    bool operator==(const Extremes&) const = default;
};

/// Extremes of 8, 32, 128, … neighbouring values, kept up to date as values are appended, so that a curve of a million
/// points is drawn from as many bins as it has pixel columns.
class ExtremesBins {
public:
    /// Values of the smallest bins, and how many bins of one size make one of the next.
    static constexpr std::size_t kSmallest = 8, kGrowth = 4;

    void append(double value);
    std::size_t size() const { return m_size; }
    /// The level whose bins are the smallest with at most `most` of them over `count` values; -1: single values do.
    static int levelFor(std::size_t count, std::size_t most);
    /// Values in a bin of `level`.
    static std::size_t binSize(int level);
    /// The bins of a level; the last one may not be full.
    const std::vector<Extremes>& level(int level) const { return m_levels[static_cast<std::size_t>(level)]; }
    /// Of values `first` to `end`, rounded outwards to bins where there are many.
    Extremes over(const std::vector<double>& values, std::size_t first, std::size_t end) const;

private:
    std::size_t m_size = 0;
    std::vector<std::vector<Extremes>> m_levels;
};

/// Values of one metric; where each stands is told by its row in the MetricsStore.
class MetricSeries {
public:
    void append(std::uint32_t row, double value);

    std::size_t size() const { return m_values.size(); }
    bool isEmpty() const { return m_values.empty(); }
    double value(std::size_t index) const { return m_values[index]; }
    std::uint32_t row(std::size_t index) const { return m_rows[index]; }
    const std::vector<double>& values() const { return m_values; }
    const std::vector<std::uint32_t>& rows() const { return m_rows; }
    const ExtremesBins& bins() const { return m_bins; }
    /// Of all values.
    const Extremes& extremes() const { return m_extremes; }
    /// The latest value; NaN when there is none.
    double last() const;

private:
    std::vector<double> m_values;
    std::vector<std::uint32_t> m_rows;
    ExtremesBins m_bins;
    Extremes m_extremes;
};

/// The moving average of a series: a view, continued where it stopped.
class SmoothedView {
public:
    /// 0 (as it is) to 0.999. Another weight begins anew.
    void setWeight(double weight);
    double weight() const { return m_average.weight(); }
    /// Takes in what was appended since the last call; a series that was not continued begins anew.
    void update(const std::vector<double>& values);
    /// As many as the series had at the last update. Values that are not finite stay and move nothing.
    const std::vector<double>& values() const { return m_values; }

private:
    MovingAverage m_average;
    std::vector<double> m_values;
};

}  // namespace preflab
