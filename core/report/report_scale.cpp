// SPDX-License-Identifier: GPL-3.0-or-later
// Axes and curves of reports in numbers.
#include "core/report/report_scale.h"

#include <algorithm>
#include <cmath>

namespace preflab {

namespace {

/// 1, 2, 2.5 or 5 times a power of ten, at least `rough`.
double roundStep(double rough)
{
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= rough * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
}

int decimalsOf(double step)
{
    for (int decimals = 0; decimals < 8; ++decimals) {
        const double scaled = step * std::pow(10.0, decimals);
        if (std::abs(scaled - std::round(scaled)) < 1e-6 * scaled) return decimals;
    }
    return 8;
}

}  // namespace

Scale niceScale(double low, double high, int wanted)
{
    if (!(high > low)) {
        const double margin = low == 0 ? 1.0 : std::abs(low) * 0.1;
        low -= margin;
        high += margin;
    }
    const double step = roundStep((high - low) / wanted);
    Scale scale;
    scale.low = std::floor(low / step + 1e-9) * step;
    scale.high = std::ceil(high / step - 1e-9) * step;
    const auto intervals = std::llround((scale.high - scale.low) / step);
    for (long long i = 0; i <= intervals; ++i) {
        const double tick = scale.low + static_cast<double>(i) * step;
        scale.ticks.push_back(std::abs(tick) < step * 1e-6 ? 0.0 : tick);
    }
    scale.decimals = decimalsOf(step);
    return scale;
}

Scale stepScale(double last)
{
    Scale scale;
    scale.high = std::max(1.0, last);
    const double step = std::max(1.0, roundStep(scale.high / 5));
    for (double tick = 0; tick <= scale.high * (1 + 1e-9); tick += std::ceil(step)) scale.ticks.push_back(tick);
    return scale;
}

ChartPoints smoothed(const ChartPoints& points, std::size_t reach)
{
    ChartPoints result;
    result.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        double sum = 0.0;
        double weights = 0.0;
        const std::size_t end = std::min(points.size(), i + reach + 1);
        for (std::size_t j = i - std::min(i, reach); j < end; ++j) {
            const double weight = static_cast<double>(reach + 1 - (j > i ? j - i : i - j));
            sum += weight * points[j].y;
            weights += weight;
        }
        result.push_back({points[i].x, sum / weights});
    }
    return result;
}

ChartPoints thinned(const ChartPoints& points, std::size_t limit)
{
    if (points.size() <= limit) return points;
    const std::size_t stretches = std::max<std::size_t>(1, limit / 2);
    ChartPoints result;
    for (std::size_t i = 0; i < stretches; ++i) {
        const auto begin = points.begin() + static_cast<std::ptrdiff_t>(points.size() * i / stretches);
        const auto end = points.begin() + static_cast<std::ptrdiff_t>(points.size() * (i + 1) / stretches);
        const auto extremes =
            std::minmax_element(begin, end, [](const ChartPoint& a, const ChartPoint& b) { return a.y < b.y; });
        const bool isLowFirst = extremes.first <= extremes.second;
        result.push_back(isLowFirst ? *extremes.first : *extremes.second);
        if (extremes.first != extremes.second) result.push_back(isLowFirst ? *extremes.second : *extremes.first);
    }
    result.front() = points.front();
    result.back() = points.back();
    return result;
}

ChartPoint robustRange(const ChartPoints& points, double share)
{
    std::vector<double> values;
    values.reserve(points.size());
    for (const ChartPoint& point : points) values.push_back(point.y);
    std::sort(values.begin(), values.end());
    const auto cut = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
    return {values[cut], values[values.size() - 1 - cut]};
}

}  // namespace preflab
