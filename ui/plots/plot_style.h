// SPDX-License-Identifier: GPL-3.0-or-later
// How plots are drawn: pens, brushes and fonts made from a theme.
#pragma once

#include "ui/plots/qcp.h"
#include "ui/theme/theme.h"

namespace preflab {

/// A line's colour and dash. `token` is a colour of the theme ("series.1", "chosen").
struct LineLook {
    QString token = QStringLiteral("series.1");
    int dash = 0;            ///< index into the series' dashes; 0: solid
    bool isHeldOut = false;  ///< dash 5 3 and rings, whatever the index

    /// Of a run or a line by its index: colour and dash are the same everywhere.
    static LineLook ofSeries(int index);
    static LineLook chosen() { return {QStringLiteral("chosen"), 0, false}; }
    static LineLook rejected() { return {QStringLiteral("rejected"), 1, false}; }
    /// The held-out line that goes with this one.
    LineLook heldOut() const { return {token, dash, true}; }

    bool operator==(const LineLook&) const = default;
};

/// Made anew whenever the theme changes.
class PlotStyle {
public:
    explicit PlotStyle(const Theme& theme) : m_theme(theme) {}

    const Theme& theme() const { return m_theme; }
    QColor color(const LineLook& look) const;
    /// The smoothed line; above 5 000 points (`isDense`) 1 pixel.
    QPen linePen(const LineLook& look, bool isDense = false) const;
    /// The raw line below it: 1 pixel at 28 %.
    QPen rawPen(const LineLook& look) const;
    QPen referencePen() const;
    QPen crosshairPen() const;
    QFont tickFont() const;
    /// Rings at evaluations.
    QCPScatterStyle ring(const LineLook& look) const;
    /// Axes, grid, ticks and background of a plot.
    void applyTo(QCustomPlot& plot, const QColor& background) const;

private:
    void applyTo(QCPAxis& axis, bool hasLine) const;

    Theme m_theme;
};

/// A dash in pixels as a pen of that width wants it.
QPen dashed(QPen pen, const QList<qreal>& pixels);
/// Draws 20 pixels of a line as legends show it.
void drawLineSample(QPainter& painter, const QRectF& rect, const LineLook& look, const Theme& theme);

}  // namespace preflab
