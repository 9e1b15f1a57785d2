// SPDX-License-Identifier: GPL-3.0-or-later
// Drawn by hand, because labels must know where the curves end.
#include "ui/plots/plot_marks.h"

#include "ui/theme/icons.h"

namespace preflab {
namespace {

const QString kMarksLayer = QStringLiteral("marks");
/// QCustomPlot's own topmost layer, which is drawn apart from all others. One more would be one more picture to blend.
const QString kOverlayLayer = QStringLiteral("overlay");

QString layerFor(QCustomPlot* plot, const QString& name, const QString& above)
{
    if (plot->layer(name) == nullptr) plot->addLayer(name, plot->layer(above));
    return name;
}

}  // namespace

PlotMarks::PlotMarks(QCustomPlot* plot)
    : QCPLayerable(plot, layerFor(plot, kMarksLayer, QStringLiteral("grid"))), theme(currentTheme())
{
}

void PlotMarks::applyDefaultAntialiasingHint(QCPPainter* painter) const
{
    painter->setAntialiasing(false);
}

void PlotMarks::draw(QCPPainter* painter)
{
    const QRect area = mParentPlot->axisRect()->rect();
    painter->save();
    painter->setClipRect(area);
    if (band) drawBand(*painter, area);
    for (const ReferenceLine& line : references) drawReference(*painter, area, line);
    painter->restore();
}

void PlotMarks::drawBand(QCPPainter& painter, const QRect& area) const
{
    const bool isCritical = band->severity == AlarmBand::Severity::Critical;
    const QColor ink = isCritical ? theme.danger : theme.warning;
    const double left = mParentPlot->xAxis->coordToPixel(band->from),
                 right = mParentPlot->xAxis->coordToPixel(band->to);
    const QRectF stretch(QPointF(left, area.top()), QPointF(right, area.bottom()));
    painter.fillRect(stretch, isCritical ? theme.dangerBg : theme.warningBg);
    painter.setPen(dashed(QPen(ink, 1.0), {2, 3}));
    painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()));
    painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()));
    QFont font = theme.tiny;
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(ink);
    const int height = QFontMetrics(font).height();
    const QString name = isCritical ? QStringLiteral("error") : QStringLiteral("warn");
    painter.drawPixmap(QPointF(left + 5, area.top() + 3),
                       iconPixmap(name, height, ink, mParentPlot->devicePixelRatioF()));
    painter.drawText(QPointF(left + 9 + height, area.top() + 3 + QFontMetrics(font).ascent()), band->label);
}

void PlotMarks::drawReference(QCPPainter& painter, const QRect& area, const ReferenceLine& line) const
{
    const double y = std::round(mParentPlot->yAxis->coordToPixel(line.y));
    if (y < area.top() || y > area.bottom()) return;
    painter.setPen(PlotStyle(theme).referencePen());
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    if (line.label.isEmpty()) return;
    const QFontMetrics metrics(theme.tiny);
    const bool hasRoomAbove = y - metrics.height() - 3 > area.top();
    const bool hasRoomBelow = y + metrics.height() + 3 < area.bottom();
    const bool isBelow = (lastValue > line.y || !hasRoomAbove) && hasRoomBelow;
    const double width = metrics.horizontalAdvance(line.label);
    painter.setFont(theme.tiny);
    painter.setPen(theme.textMuted);
    painter.drawText(QPointF(area.right() - width - 1, isBelow ? y + metrics.ascent() + 3 : y - metrics.descent() - 3),
                     line.label);
}

CrosshairMark::CrosshairMark(QCustomPlot* plot) : QCPLayerable(plot, kOverlayLayer), theme(currentTheme()) {}

void CrosshairMark::applyDefaultAntialiasingHint(QCPPainter* painter) const
{
    painter->setAntialiasing(true);
}

void CrosshairMark::draw(QCPPainter* painter)
{
    if (!x) return;
    const QRect area = mParentPlot->axisRect()->rect();
    const double at = std::round(mParentPlot->xAxis->coordToPixel(*x)) + 0.5;
    if (at < area.left() || at > area.right() + 1) return;
    painter->setPen(PlotStyle(theme).crosshairPen());
    painter->drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
    for (const Dot& dot : dots) {
        if (!std::isfinite(dot.y)) continue;
        painter->setPen(QPen(theme.bgPanel, 1.0));
        painter->setBrush(dot.color);
        painter->drawEllipse(QPointF(at, dot.axis->coordToPixel(dot.y)), 3.5, 3.5);
    }
}

}  // namespace preflab
