// SPDX-License-Identifier: GPL-3.0-or-later
// Where labels of a chart go so that they cover neither curves nor each other.
#include "core/report/report_labels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace preflab {

namespace {

constexpr double kCharacter = 6.7;  // of 11 px type, generous
constexpr double kLineDistance = 14;
constexpr double kGap = 5;  // between a line and its label
constexpr double kTypeHeight = 9;

/// Distance from a box to the nearest obstacle; 0 when one lies inside.
double clearance(const std::vector<ChartPoint>& obstacles, ChartPoint low, ChartPoint high)
{
    double nearest = 1e9;
    for (const ChartPoint& point : obstacles) {
        const double dx = std::max({low.x - point.x, 0.0, point.x - high.x});
        const double dy = std::max({low.y - point.y, 0.0, point.y - high.y});
        nearest = std::min(nearest, std::hypot(dx, dy));
    }
    return nearest;
}

}  // namespace

double labelWidth(std::size_t characters)
{
    return kCharacter * static_cast<double>(characters);
}

std::string coordinate(double value)
{
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 1);
    return {buffer.data(), end.ptr};
}

LabelSpot clearestSpot(const std::vector<ChartPoint>& obstacles, ChartPoint topLeft, ChartPoint bottomRight,
                       double lineY, double width)
{
    LabelSpot best;
    double most = -1;
    for (const bool isBelow : {false, true}) {
        for (const bool isAtEnd : {true, false}) {
            const double baseline = isBelow ? lineY + kGap + kTypeHeight : lineY - kGap;
            if (baseline - kTypeHeight < topLeft.y - kTypeHeight || baseline > bottomRight.y - 1) continue;
            const double left = isAtEnd ? bottomRight.x - width : topLeft.x + 6;
            const double room = clearance(obstacles, {left, baseline - kTypeHeight}, {left + width, baseline + 2});
            if (room <= most + 0.5) continue;
            most = room;
            best = {isAtEnd ? bottomRight.x : left, baseline, isAtEnd};
        }
    }
    return best;
}

std::vector<double> spreadLabels(const std::vector<double>& wanted, double top, double bottom)
{
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
    std::vector<double> placed(wanted.size());
    double next = top;
    for (const std::size_t i : order) {
        placed[i] = std::max(next, wanted[i]);
        next = placed[i] + kLineDistance;
    }
    // Labels pushed out at the bottom push back up.
    double limit = bottom;
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        placed[*i] = std::min(placed[*i], limit);
        limit = placed[*i] - kLineDistance;
    }
    return placed;
}

}  // namespace preflab
