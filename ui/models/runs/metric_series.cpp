// SPDX-License-Identifier: GPL-3.0-or-later
// Bins and averages that grow with their series.
#include "ui/models/runs/metric_series.h"

#include <algorithm>
#include <cmath>

namespace preflab {

void Extremes::add(double value)
{
    if (!std::isfinite(value)) return;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
}

void Extremes::add(const Extremes& other)
{
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
}

std::size_t ExtremesBins::binSize(int level)
{
    std::size_t size = kSmallest;
    for (int i = 0; i < level; ++i) size *= kGrowth;
    return size;
}

int ExtremesBins::levelFor(std::size_t count, std::size_t most)
{
    if (count <= most) return -1;
    int level = 0;
    while (count / binSize(level) > most) ++level;
    return level;
}

void ExtremesBins::append(double value)
{
    // A level begins once the one below has a full bin's worth of values, and then with all of them.
    std::size_t size = kSmallest;
    for (std::size_t level = 0; level < m_levels.size(); ++level, size *= kGrowth) {
        if (m_size / size == m_levels[level].size()) m_levels[level].emplace_back();
        m_levels[level].back().add(value);
    }
    if (m_levels.empty()) {
        m_levels.emplace_back(1).back().add(value);
    } else if (m_levels.back().size() > kGrowth) {
        std::vector<Extremes> next(2);
        for (std::size_t bin = 0; bin < m_levels.back().size(); ++bin) next[bin / kGrowth].add(m_levels.back()[bin]);
        m_levels.push_back(std::move(next));
    }
    ++m_size;
}

Extremes ExtremesBins::over(const std::vector<double>& values, std::size_t first, std::size_t end) const
{
    constexpr std::size_t kMost = 2000;
    Extremes result;
    if (first >= end) return result;
    int level = levelFor(end - first, kMost);
    if (level < 0) {
        for (std::size_t i = first; i < end; ++i) result.add(values[i]);
        return result;
    }
    level = std::min(level, static_cast<int>(m_levels.size()) - 1);
    const auto& bins = m_levels[static_cast<std::size_t>(level)];
    const std::size_t size = binSize(level);
    for (std::size_t bin = first / size; bin <= (end - 1) / size && bin < bins.size(); ++bin) result.add(bins[bin]);
    return result;
}

void MetricSeries::append(std::uint32_t row, double value)
{
    m_values.push_back(value);
    m_rows.push_back(row);
    m_bins.append(value);
    m_extremes.add(value);
}

double MetricSeries::last() const
{
    return m_values.empty() ? std::numeric_limits<double>::quiet_NaN() : m_values.back();
}

void SmoothedView::setWeight(double weight)
{
    const MovingAverage fresh(weight);
    if (fresh.weight() == m_average.weight()) return;
    m_average = fresh;
    m_values.clear();
}

void SmoothedView::update(const std::vector<double>& values)
{
    if (values.size() < m_values.size()) m_values.clear();
    if (m_values.empty()) m_average = MovingAverage(m_average.weight());
    m_values.reserve(values.size());
    for (std::size_t i = m_values.size(); i < values.size(); ++i) m_values.push_back(m_average.next(values[i]));
}

}  // namespace preflab
