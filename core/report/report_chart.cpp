// SPDX-License-Identifier: GPL-3.0-or-later
// One chart of a report as an HTML figure with inline SVG.
#include "core/report/report_chart.h"

#include "core/report/report_labels.h"
#include "core/report/report_text.h"

#include <algorithm>
#include <cmath>

namespace preflab {

namespace {

constexpr double kWidth = 544;
constexpr double kHeight = 264;
constexpr double kTop = 14;
constexpr double kBottom = 40;
constexpr double kRight = 14;
constexpr std::size_t kDrawnPoints = 480;
constexpr std::size_t kMostRings = 40;
constexpr double kOutliers = 0.01;

bool isSmoothed(const ChartSeries& series)
{
    return !series.isMeasured && series.points.size() > kSmoothedAbove;
}

/// What is drawn at full strength: the points themselves or their average.
ChartPoints curveOf(const ChartSeries& series)
{
    if (!isSmoothed(series)) return series.points;
    // The cost is points times reach, so a reach that grows with long runs stops growing.
    return smoothed(series.points, std::clamp<std::size_t>(series.points.size() / 25, 6, 200));
}

/// Draws one chart into text.
class Drawing {
public:
    explicit Drawing(const Chart& chart) : m_chart(chart)
    {
        double last = 0;
        for (const ChartSeries& series : chart.series) {
            if (!series.points.empty()) last = std::max(last, series.points.back().x);
            m_curves.push_back(curveOf(series));
        }
        const ChartPoint range = valueRange(chart);
        m_x = stepScale(last);
        m_y = niceScale(range.x, range.y, 5);
        layOutSides();
    }

    std::string svg()
    {
        m_svg = "<svg viewBox=\"0 0 " + numberText(kWidth, 0) + " " + numberText(kHeight, 0) +
                "\" role=\"img\" aria-label=\"" + escapeHtml(description()) + "\">";
        drawAxes();
        if (m_chart.reference) drawReference(*m_chart.reference);
        for (const ChartSeries& series : m_chart.series) drawSeries(series);
        drawEndLabels();
        return m_svg + "</svg>";
    }

    /// Title, and name and last value of every curve.
    std::string caption() const
    {
        std::string html = "<figcaption><h3>" + escapeHtml(m_chart.title) + "</h3>";
        if (!m_chart.unit.empty() && m_chart.unit != "share")
            html += "<span class=\"unit\">" + escapeHtml(m_chart.unit) + "</span>";
        html += "<span class=\"legend\">";
        for (const ChartSeries& series : m_chart.series) {
            if (series.points.empty()) continue;
            html += "<span class=\"key\"><svg class=\"sample\" viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path "
                    "class=\"line " +
                    classOf(series) + "\" d=\"M1 4H23\"/></svg>" + escapeHtml(shortened(series.label, 28)) + " <b>" +
                    lastText(series) + "</b></span>";
        }
        return html + "</span></figcaption>";
    }

private:
    static std::string classOf(const ChartSeries& series)
    {
        return series.style + (series.isHeldOut ? " held-out" : series.isSolid ? " solid" : "");
    }

    std::string valueOf(double value) const { return m_chart.unit == "share" ? shareText(value) : valueText(value); }

    std::string tickOf(double value) const
    {
        return m_chart.unit == "share" ? numberText(value * 100, std::max(0, m_y.decimals - 2)) + "\u202F%"
                                       : numberText(value, m_y.decimals);
    }

    const ChartPoints& drawn(const ChartSeries& series) const
    {
        return m_curves[static_cast<std::size_t>(&series - m_chart.series.data())];
    }

    std::string lastText(const ChartSeries& series) const { return valueOf(drawn(series).back().y); }

    std::string description() const
    {
        std::string text = m_chart.title;
        for (const ChartSeries& series : m_chart.series) {
            if (!series.points.empty())
                text += "; " + series.label + " from " + valueOf(series.points.front().y) + " to " + lastText(series) +
                        " at step " + numberText(series.points.back().x, 0);
        }
        return text;
    }

    double x(double value) const { return m_left + m_x.share(value) * (m_rightEnd - m_left); }
    double y(double value) const { return kHeight - kBottom - m_y.share(value) * (kHeight - kBottom - kTop); }
    /// Outliers of noisy curves are held at the edge, where they are still seen to leave.
    double clampedY(double value) const { return std::clamp(y(value), kTop - 6, kHeight - kBottom); }

    void layOutSides()
    {
        std::size_t tick = 0;
        for (const double value : m_y.ticks) tick = std::max(tick, characterCount(std::string_view(tickOf(value))));
        m_left = 14 + labelWidth(tick);
        m_rightEnd = kWidth - kRight;
        if (!hasEndLabels()) return;
        std::size_t label = 0;
        for (const ChartSeries& series : m_chart.series)
            label = std::max(label, characterCount(std::string_view(shortened(series.label, kEndLabelCharacters))));
        m_rightEnd -= labelWidth(label);
    }

    bool hasEndLabels() const
    {
        return std::count_if(m_chart.series.begin(), m_chart.series.end(),
                             [](const ChartSeries& series) { return !series.points.empty(); }) > 1;
    }

    void text(double atX, double atY, const std::string& classes, const std::string& content)
    {
        m_svg += "<text class=\"" + classes + "\" x=\"" + coordinate(atX) + "\" y=\"" + coordinate(atY) + "\">" +
                 escapeHtml(content) + "</text>";
    }

    void line(const std::string& classes, double x1, double y1, double x2, double y2)
    {
        m_svg += "<path class=\"" + classes + "\" d=\"M" + coordinate(x1) + " " + coordinate(y1) + "L" +
                 coordinate(x2) + " " + coordinate(y2) + "\"/>";
    }

    void drawAxes()
    {
        for (const double tick : m_y.ticks) {
            line("grid", m_left, y(tick), m_rightEnd, y(tick));
            text(m_left - 8, y(tick) + 3.5, "tick end", tickOf(tick));
        }
        line("axis", m_left, kHeight - kBottom, m_rightEnd, kHeight - kBottom);
        for (const double tick : m_x.ticks) {
            line("axis", x(tick), kHeight - kBottom, x(tick), kHeight - kBottom + 4);
            text(x(tick), kHeight - kBottom + 17, "tick middle", numberText(tick, 0));
        }
        text((m_left + m_rightEnd) / 2, kHeight - 6, "name middle", "step");
    }

    /// Everything drawn, in picture coordinates: the reference's label keeps clear of it.
    std::vector<ChartPoint> obstacles() const
    {
        std::vector<ChartPoint> all;
        for (const ChartSeries& series : m_chart.series) {
            for (const ChartPoint& point : thinned(series.points, kDrawnPoints))
                all.push_back({x(point.x), clampedY(point.y)});
        }
        return all;
    }

    void drawReference(const ChartReference& reference)
    {
        const double at = y(reference.value);
        line("reference", m_left, at, m_rightEnd, at);
        const LabelSpot spot = clearestSpot(obstacles(), {m_left, kTop}, {m_rightEnd, kHeight - kBottom}, at,
                                            labelWidth(characterCount(std::string_view(reference.text))));
        text(spot.x, spot.y, spot.isAtEnd ? "name end" : "name", reference.text);
    }

    std::string path(const ChartPoints& points) const
    {
        std::string d;
        for (const ChartPoint& point : points)
            d += (d.empty() ? "M" : "L") + coordinate(x(point.x)) + " " + coordinate(clampedY(point.y));
        return d;
    }

    void drawSeries(const ChartSeries& series)
    {
        if (series.points.empty()) return;
        const std::string classes = classOf(series);
        if (isSmoothed(series))
            m_svg += "<path class=\"raw " + series.style + "\" d=\"" + path(thinned(series.points, 2 * kDrawnPoints)) +
                     "\"/>";
        const ChartPoints& points = drawn(series);
        m_svg += "<path class=\"line " + classes + "\" d=\"" + path(thinned(points, kDrawnPoints)) + "\"/>";
        const bool isAlone = points.size() == 1;
        if (!isAlone && (!series.isMeasured || series.points.size() > kMostRings)) return;
        for (const ChartPoint& point : series.points)
            m_svg += "<circle class=\"ring " + series.style + "\" cx=\"" + coordinate(x(point.x)) + "\" cy=\"" +
                     coordinate(clampedY(point.y)) + "\" r=\"3\"><title>" + escapeHtml(series.label) + ", step " +
                     numberText(point.x, 0) + ": " + valueOf(point.y) + "</title></circle>";
    }

    void drawEndLabels()
    {
        if (!hasEndLabels()) return;
        std::vector<double> wanted;
        for (const ChartSeries& series : m_chart.series) {
            const ChartPoints& points = drawn(series);
            wanted.push_back(points.empty() ? kTop : clampedY(points.back().y));
        }
        const std::vector<double> spread = spreadLabels(wanted, kTop, kHeight - kBottom);
        for (std::size_t i = 0; i < spread.size(); ++i) {
            const ChartSeries& series = m_chart.series[i];
            if (!series.points.empty())
                text(m_rightEnd + 8, spread[i] + 4, "label " + series.style,
                     shortened(series.label, kEndLabelCharacters));
        }
    }

    const Chart& m_chart;
    Scale m_x;
    Scale m_y;
    std::vector<ChartPoints> m_curves;  ///< of each series
    double m_left = 0;
    double m_rightEnd = 0;
    std::string m_svg;
};

}  // namespace

ChartPoint valueRange(const Chart& chart)
{
    std::optional<ChartPoint> range = chart.range;
    const auto cover = [&range](double low, double high) {
        range = range ? ChartPoint{std::min(range->x, low), std::max(range->y, high)} : ChartPoint{low, high};
    };
    if (chart.reference) cover(chart.reference->value, chart.reference->value);
    for (const ChartSeries& series : chart.series) {
        if (series.points.empty()) continue;
        const ChartPoint values = robustRange(series.points, isSmoothed(series) ? kOutliers : 0.0);
        cover(values.x, values.y);
    }
    return range.value_or(ChartPoint{0, 1});
}

std::string chartHtml(const Chart& chart)
{
    const bool hasPoints = std::any_of(chart.series.begin(), chart.series.end(),
                                       [](const ChartSeries& series) { return !series.points.empty(); });
    if (!hasPoints) return {};
    Drawing drawing(chart);
    std::string html = "<figure class=\"card\">" + drawing.caption() + drawing.svg();
    const bool isAnySmoothed = std::any_of(chart.series.begin(), chart.series.end(), isSmoothed);
    html += "<p class=\"look\">" + escapeHtml(chart.sentence);
    if (isAnySmoothed) html += " <span class=\"aside\">Thin: every step. Bold: moving average.</span>";
    return html + "</p></figure>\n";
}

}  // namespace preflab
