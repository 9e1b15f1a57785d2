// SPDX-License-Identifier: GPL-3.0-or-later
// The crosshair of a chart: by pointer and by keys, with its readout on the emptier side.
#include "ui/models/app/number_text.h"
#include "ui/plots/crosshair.h"
#include "ui/plots/line_chart.h"
#include "ui/plots/readout.h"

#include <QKeyEvent>

#include <algorithm>
#include <limits>

namespace preflab {

void LineChart::setCrosshair(Crosshair* crosshair)
{
    m_crosshair = crosshair;
    connect(crosshair, &Crosshair::changed, this, [this] {
        showCrosshair();
        m_mark->layer()->replot();
    });
}

QString LineChart::placeText(double x) const
{
    switch (m_axis) {
    case XAxis::Epoch:
        return tr("epoch %1").arg(figureText(x, 3));
    case XAxis::Tokens:
        return tr("%1 tokens").arg(qRound64(x));
    case XAxis::Seconds:
        return clockText(x);
    case XAxis::Step:
        break;
    }
    return tr("step %1").arg(qRound64(x));
}

void LineChart::showCrosshair()
{
    m_mark->dots.clear();
    m_mark->x = m_crosshair == nullptr ? std::nullopt : m_crosshair->x();
    if (!m_mark->x) {
        m_readout->hide();
        return;
    }
    QList<Readout::Row> rows;
    const auto smoothedLines = std::ranges::count_if(m_lines, [](const auto& line) { return line->hasRaw(); });
    for (const auto& line : m_lines) {
        const MetricSeries* series = line->series();
        if (series == nullptr) continue;
        const ChartLine& shown = line->line();
        const std::size_t index = shown.store->nearest(*series, m_axis, *m_mark->x);
        const double value = line->strongValue(index);
        const bool isAlone = smoothedLines == 1 && line->hasRaw();
        rows.push_back({shown.look, isAlone ? tr("smoothed") : shown.name, valueText(shown, value), value, false});
        if (isAlone) {
            const double raw = series->value(index);
            rows.push_back({{shown.look.token, 0, false}, tr("raw"), valueText(shown, raw), raw, true});
        }
        if (!shown.look.isHeldOut)
            m_mark->dots.push_back({value, PlotStyle(m_mark->theme).color(shown.look), line->valueAxis()});
    }
    m_readout->setRows(placeText(*m_mark->x), rows);
    const bool isHere = m_crosshair->source() == this && !rows.isEmpty();
    m_readout->setVisible(isHere);
    if (!isHere) return;
    placeReadout();
    setAccessibleDescription(m_readout->text());
}

void LineChart::placeReadout()
{
    const QRect area = axisRect()->rect();
    const QSize size = m_readout->size();
    const int at = static_cast<int>(xAxis->coordToPixel(*m_mark->x)), gap = currentTheme().px(10);
    const int left = at - gap - size.width(), right = at + gap, top = area.top() + gap,
              bottom = area.bottom() - gap - size.height();
    QPoint best(right, top);
    int fewest = std::numeric_limits<int>::max();
    for (const QPoint& corner : {QPoint(right, top), QPoint(right, bottom), QPoint(left, top), QPoint(left, bottom)}) {
        const QRect box(corner, size);
        if (box.left() < area.left() || box.right() > width()) continue;
        int covered = 0;
        for (const auto& line : m_lines) {
            const QVector<QPointF> points = line->pixels();
            covered += static_cast<int>(
                std::ranges::count_if(points, [&](const QPointF& point) { return QRectF(box).contains(point); }));
            // Never over the last points.
            if (!points.isEmpty() && QRectF(box).adjusted(-6, -6, 6, 6).contains(points.back())) covered += 1000;
        }
        if (covered >= fewest) continue;
        fewest = covered;
        best = corner;
    }
    m_readout->move(best);
}

QString LineChart::readoutText() const
{
    return m_mark->x ? m_readout->text() : QString();
}

void LineChart::mouseMoveEvent(QMouseEvent* event)
{
    PlotArea::mouseMoveEvent(event);
    const LineGraphs* first = firstWithData();
    if (m_crosshair == nullptr || first == nullptr) return;
    if (event->buttons() != Qt::NoButton || !axisRect()->rect().contains(event->pos())) return m_crosshair->clear();
    const MetricsStore& store = *first->line().store;
    const std::size_t index = store.nearest(*first->series(), m_axis, xAxis->pixelToCoord(event->pos().x()));
    m_crosshair->moveTo(store.x(first->series()->row(index), m_axis), this);
}

void LineChart::leaveEvent(QEvent* event)
{
    PlotArea::leaveEvent(event);
    if (m_crosshair != nullptr && m_crosshair->source() == this && !hasFocus()) m_crosshair->clear();
}

void LineChart::moveCrosshair(int points)
{
    const LineGraphs* first = firstWithData();
    if (m_crosshair == nullptr || first == nullptr) return;
    const MetricsStore& store = *first->line().store;
    const MetricSeries& series = *first->series();
    const auto last = static_cast<std::int64_t>(series.size()) - 1;
    const std::int64_t from =
        m_crosshair->x() ? static_cast<std::int64_t>(store.nearest(series, m_axis, *m_crosshair->x())) : last - points;
    const std::int64_t to = std::clamp<std::int64_t>(from + points, 0, last);
    m_crosshair->moveTo(store.x(series.row(static_cast<std::size_t>(to)), m_axis), this);
}

void LineChart::keyPressEvent(QKeyEvent* event)
{
    const int points = (event->modifiers() & Qt::ShiftModifier) != 0 ? 10 : 1;
    if (event->key() == Qt::Key_Left) return moveCrosshair(-points);
    if (event->key() == Qt::Key_Right) return moveCrosshair(points);
    if (event->key() == Qt::Key_Escape && m_crosshair != nullptr && m_crosshair->x()) return m_crosshair->clear();
    PlotArea::keyPressEvent(event);
}

}  // namespace preflab
