// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in a plot besides its curves: reference lines, alarmed stretches, the crosshair.
#pragma once

#include "ui/plots/plot_style.h"

#include <QList>
#include <QString>

#include <optional>

namespace preflab {

/// A horizontal line that means something.
struct ReferenceLine {
    double y = 0.0;
    QString label;  ///< its meaning; may be empty
};

/// A stretch of x where something is wrong.
struct AlarmBand {
    enum class Severity { Warning, Critical };
    double from = 0.0, to = 0.0;
    QString label;
    Severity severity = Severity::Warning;
};

/// Reference lines and the alarm, below the curves.
class PlotMarks : public QCPLayerable {
public:
    explicit PlotMarks(QCustomPlot* plot);

    QList<ReferenceLine> references;
    std::optional<AlarmBand> band;  ///< in coordinates of the axis
    double lastValue = 0.0;         ///< where the first curve ends: labels keep to its other side
    Theme theme;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

private:
    void drawBand(QCPPainter& painter, const QRect& area) const;
    void drawReference(QCPPainter& painter, const QRect& area, const ReferenceLine& line) const;
};

/// The vertical line with a dot on every curve, on a layer that is redrawn without the curves.
class CrosshairMark : public QCPLayerable {
public:
    explicit CrosshairMark(QCustomPlot* plot);

    /// A dot on a curve.
    struct Dot {
        double y = 0.0;
        QColor color;
        QCPAxis* axis = nullptr;
    };
    std::optional<double> x;
    QList<Dot> dots;
    Theme theme;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;
};

}  // namespace preflab
