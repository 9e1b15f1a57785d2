// SPDX-License-Identifier: GPL-3.0-or-later
// Section 8 of the design as pens.
#include "ui/plots/plot_style.h"

namespace preflab {
namespace {

const QList<qreal> kHeldOutDash{5, 3};
const QList<qreal> kReferenceDash{5, 4};

}  // namespace

LineLook LineLook::ofSeries(int index)
{
    const int within = ((index % 8) + 8) % 8;
    return {QStringLiteral("series.%1").arg(within + 1), within, false};
}

QPen dashed(QPen pen, const QList<qreal>& pixels)
{
    if (pixels.isEmpty()) return pen;
    QList<qreal> units;
    for (const qreal length : pixels) units.push_back(length / std::max(pen.widthF(), 1.0));
    pen.setDashPattern(units);
    pen.setCapStyle(Qt::FlatCap);
    return pen;
}

QColor PlotStyle::color(const LineLook& look) const
{
    return m_theme.color(look.token);
}

QPen PlotStyle::linePen(const LineLook& look, bool isDense) const
{
    QPen pen(color(look), isDense ? 1.0 : 2.0);
    pen.setJoinStyle(Qt::BevelJoin);  // of two pixels it looks like a round one, which takes a third of the drawing
    if (look.isHeldOut) return dashed(pen, kHeldOutDash);
    return dashed(pen, m_theme.dash[static_cast<std::size_t>(look.dash % 8)]);
}

QPen PlotStyle::rawPen(const LineLook& look) const
{
    QColor faint = color(look);
    faint.setAlphaF(0.28F);
    return QPen(faint, 1.0);
}

QPen PlotStyle::referencePen() const
{
    return dashed(QPen(m_theme.plotRef, 1.0), kReferenceDash);
}

QPen PlotStyle::crosshairPen() const
{
    return QPen(m_theme.textSecondary, 1.0);
}

QFont PlotStyle::tickFont() const
{
    QFont font = m_theme.mono;
    font.setPixelSize(m_theme.tiny.pixelSize());
    return font;
}

QCPScatterStyle PlotStyle::ring(const LineLook& look) const
{
    return {QCPScatterStyle::ssCircle, QPen(color(look), 1.5), QBrush(m_theme.bgPanel), 6.0};
}

void PlotStyle::applyTo(QCPAxis& axis, bool hasLine) const
{
    const QPen line(m_theme.plotAxis, 1.0);
    axis.setBasePen(hasLine ? line : QPen(Qt::NoPen));
    axis.setTickPen(hasLine ? line : QPen(Qt::NoPen));
    axis.setSubTickPen(QPen(Qt::NoPen));
    axis.setTickLength(0, hasLine ? 4 : 0);
    axis.setTickLabelFont(tickFont());
    axis.setTickLabelColor(m_theme.textMuted);
    axis.setLabelFont(m_theme.tiny);
    axis.setLabelColor(m_theme.textMuted);
    axis.setTickLabelPadding(m_theme.px(hasLine ? 4 : 6));
    axis.grid()->setPen(QPen(m_theme.plotGrid, 1.0));
    axis.grid()->setZeroLinePen(QPen(Qt::NoPen));
    axis.grid()->setSubGridVisible(false);
}

void PlotStyle::applyTo(QCustomPlot& plot, const QColor& background) const
{
    plot.setBackground(QBrush(background));
    applyTo(*plot.xAxis, true);
    applyTo(*plot.yAxis, false);
    applyTo(*plot.yAxis2, false);
    plot.xAxis->grid()->setVisible(false);
    plot.yAxis2->grid()->setVisible(false);
}

void drawLineSample(QPainter& painter, const QRectF& rect, const LineLook& look, const Theme& theme)
{
    painter.save();
    painter.setPen(PlotStyle(theme).linePen(look));
    const qreal y = std::floor(rect.center().y());
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
    painter.restore();
}

}  // namespace preflab
