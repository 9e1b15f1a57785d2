// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothed first, thinned after.
#include "ui/plots/line_graphs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kDrawnBins = 1600;  ///< two points each: more than a chart has pixel columns
constexpr std::size_t kRingsAtMost = 120;
constexpr int kRing = 4;         ///< pixels that a ring may stand out of the axes
constexpr qsizetype kPiece = 8;  ///< points that are drawn at a time

/// A graph whose rings at the ends of the axes are drawn whole, and whose line is drawn in pieces: the time for one
/// piece grows with the square of the points that it has in a row of pixels.
class PiecewiseGraph : public QCPGraph {
public:
    using QCPGraph::QCPGraph;

protected:
    QRect clipRect() const override { return QCPGraph::clipRect().adjusted(-kRing, -kRing, kRing, kRing); }

    void drawLinePlot(QCPPainter* painter, const QVector<QPointF>& lines) const override
    {
        if (painter->modes().testFlag(QCPPainter::pmVectorized)) return QCPGraph::drawLinePlot(painter, lines);
        QPen pen = painter->pen();
        const bool isDashed = pen.style() == Qt::CustomDashLine;
        for (qsizetype first = 0; first + 1 < lines.size(); first += kPiece) {
            const QVector<QPointF> piece = lines.mid(first, kPiece + 1);  // with the first point of the next
            QCPGraph::drawLinePlot(painter, piece);
            if (!isDashed) continue;
            // The dashes go on where they stopped.
            pen.setDashOffset(pen.dashOffset() + lengthOf(piece) / std::max(pen.widthF(), 1.0));
            painter->setPen(pen);
        }
    }

private:
    static double lengthOf(const QVector<QPointF>& line)
    {
        double length = 0.0;
        for (qsizetype i = 1; i < line.size(); ++i) {
            const double step = QLineF(line[i - 1], line[i]).length();
            if (std::isfinite(step)) length += step;
        }
        return length;
    }
};

}  // namespace

LineGraphs::LineGraphs(QCustomPlot& plot, ChartLine line, const LineGraphs* previous)
    : m_line(std::move(line)),
      m_isSmoothed(m_line.smoothing == ChartLine::Smoothing::Smoothed && !m_line.look.isHeldOut), m_previous(previous)
{
    QCPAxis* values = m_line.side == ChartLine::Side::Right ? plot.yAxis2 : plot.yAxis;
    m_raw = new PiecewiseGraph(plot.xAxis, values);  // the plot owns both
    m_strong = new PiecewiseGraph(plot.xAxis, values);
}

LineGraphs::~LineGraphs()
{
    QCustomPlot* plot = m_strong->parentPlot();
    plot->removeGraph(m_raw);
    plot->removeGraph(m_strong);
}

const MetricSeries* LineGraphs::series() const
{
    const MetricSeries* series = m_line.store ? m_line.store->find(m_line.metric) : nullptr;
    return series == nullptr || series->isEmpty() ? nullptr : series;
}

void LineGraphs::setWeight(double weight)
{
    m_smoothed.setWeight(m_isSmoothed ? weight : 0.0);
}

void LineGraphs::applyStyle(const PlotStyle& style)
{
    m_style.emplace(style.theme());
    restyle();
}

void LineGraphs::restyle()
{
    const PlotStyle& style = *m_style;
    m_raw->setPen(style.rawPen(m_line.look));
    m_raw->setAntialiased(!m_isDense);
    m_strong->setPen(style.linePen(m_line.look, m_isDense && !hasRaw()));
    m_strong->setAntialiased(!m_isDense || hasRaw());
    const bool isFilled = m_line.fill != ChartLine::Fill::None && !m_isDense;
    QColor fill = style.color(m_line.look);
    fill.setAlphaF(0.16F);
    m_strong->setBrush(isFilled ? QBrush(fill) : QBrush(Qt::NoBrush));
    const bool isStacked = m_line.fill == ChartLine::Fill::ToPrevious && m_previous != nullptr;
    m_strong->setChannelFillGraph(isStacked ? m_previous->m_strong : nullptr);
    const bool hasRings = m_line.look.isHeldOut && m_strong->data()->size() <= static_cast<int>(kRingsAtMost);
    m_strong->setScatterStyle(hasRings ? style.ring(m_line.look) : QCPScatterStyle(QCPScatterStyle::ssNone));
}

std::pair<std::size_t, std::size_t> LineGraphs::indices(XAxis axis, const QCPRange& visible) const
{
    const MetricSeries& all = *series();
    // One more on either side, so that the line goes on to the edge.
    const std::size_t first = m_line.store->firstFrom(all, axis, visible.lower);
    const std::size_t end = m_line.store->firstFrom(all, axis, visible.upper);
    return {first > 0 ? first - 1 : 0, std::min(end + 2, all.size())};
}

std::size_t LineGraphs::smoothedStride(XAxis axis, std::size_t first, std::size_t end) const
{
    const std::size_t count = end - first;
    if (count > kDensePoints) return count / kDrawnBins + 1;
    // More than one point on a pixel shows nothing and costs as much as any, as long as the line cannot turn between them:
    // it follows about 1 / (1 - weight) values.
    const MetricSeries& all = *series();
    const auto pixel = [&](std::size_t index) {
        return m_strong->keyAxis()->coordToPixel(m_line.store->x(all.row(index), axis));
    };
    const double pixels = std::max(count > 0 ? pixel(end - 1) - pixel(first) : 0.0, 1.0);
    const double most = std::max(0.5 / (1.0 - m_smoothed.weight()), 1.0);
    return static_cast<std::size_t>(std::clamp(static_cast<double>(count) / pixels, 1.0, most));
}

QVector<QCPGraphData> LineGraphs::points(const std::vector<double>& values, XAxis axis, std::size_t first,
                                         std::size_t end, std::size_t stride) const
{
    const MetricSeries& all = *series();
    QVector<QCPGraphData> points;
    points.reserve(static_cast<qsizetype>((end - first) / stride + 2));
    for (std::size_t i = first; i < end; i += stride) points.push_back({m_line.store->x(all.row(i), axis), values[i]});
    if (stride > 1 && first < end) points.push_back({m_line.store->x(all.row(end - 1), axis), values[end - 1]});
    return points;
}

QVector<QCPGraphData> LineGraphs::binned(XAxis axis, std::size_t first, std::size_t end) const
{
    const MetricSeries& all = *series();
    const int level = ExtremesBins::levelFor(end - first, kDrawnBins);
    if (level < 0 || end - first <= kDensePoints) return points(all.values(), axis, first, end, 1);
    const auto& bins = all.bins().level(level);
    const std::size_t size = ExtremesBins::binSize(level);
    QVector<QCPGraphData> points;
    for (std::size_t bin = first / size; bin < bins.size() && bin * size < end; ++bin) {
        const double x = m_line.store->x(all.row(bin * size), axis);
        if (bins[bin].isEmpty()) {
            points.push_back({x, std::numeric_limits<double>::quiet_NaN()});  // the line stops here
            continue;
        }
        points.push_back({x, bins[bin].lowest});
        points.push_back({x, bins[bin].highest});
    }
    return points;
}

void LineGraphs::take(XAxis axis, const QCPRange& visible)
{
    const MetricSeries* all = series();
    if (all == nullptr) {
        m_raw->data()->clear();
        m_strong->data()->clear();
        return;
    }
    if (hasRaw()) m_smoothed.update(all->values());
    const auto [first, end] = indices(axis, visible);
    m_isDense = end - first > kDensePoints;
    m_strong->data()->set(hasRaw() ? points(m_smoothed.values(), axis, first, end, smoothedStride(axis, first, end))
                                   : binned(axis, first, end),
                          true);
    m_raw->data()->set(hasRaw() ? binned(axis, first, end) : QVector<QCPGraphData>(), true);
    if (m_style) restyle();
}

Extremes LineGraphs::extremes(XAxis axis, const QCPRange& visible) const
{
    const MetricSeries* all = series();
    if (all == nullptr) return {};
    const std::size_t first = m_line.store->firstFrom(*all, axis, visible.lower);
    const std::size_t end = m_line.store->firstFrom(*all, axis, visible.upper);
    return all->bins().over(all->values(), first, std::min(end + 1, all->size()));
}

double LineGraphs::strongValue(std::size_t index) const
{
    const auto& smoothed = m_smoothed.values();
    return hasRaw() && index < smoothed.size() ? smoothed[index] : series()->value(index);
}

QVector<QPointF> LineGraphs::pixels() const
{
    QVector<QPointF> pixels;
    const auto data = m_strong->data();
    const int stride = data->size() / 200 + 1;
    for (int i = 0; i < data->size(); i += stride)
        pixels.push_back(m_strong->coordsToPixels(data->at(i)->key, data->at(i)->value));
    return pixels;
}

}  // namespace preflab
