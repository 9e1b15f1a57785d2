// SPDX-License-Identifier: GPL-3.0-or-later
// What all plots share: looks, zooming and panning by mouse and keys, redrawing when it is their turn, export.
#pragma once

#include "ui/plots/plot_style.h"

#include <QElapsedTimer>
#include <QList>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace preflab {

class ChartScheduler;

/// One entry of a plot's legend, which stands outside of the axes.
struct LegendEntry {
    LineLook look;
    QString name;
    QString value;  ///< the latest, as text

    bool operator==(const LegendEntry&) const = default;
};

/// What a plot shows, as a table: for people who do not see it, and for CSV.
struct PlotTable {
    QStringList headers;
    std::vector<std::vector<double>> columns;  ///< as many as headers, of one length; NaN: no value there
};

/// Wheel zooms x (Ctrl: y), drag pans, Shift+drag boxes, double-click or `0` resets, `L` switches the log axis. Follows
/// the data until the user has moved it. Everything that changes ends in `invalidate`; drawing waits for its turn.
class PlotArea : public QCustomPlot {
    Q_OBJECT

public:
    explicit PlotArea(const QString& title, QWidget* parent = nullptr);

    QString title() const { return m_title; }
    void setScheduler(ChartScheduler* scheduler);
    /// Something was measured: redraw when it is this plot's turn.
    void invalidate();
    /// The user changed what is shown: redraw at once.
    void refresh();
    bool isOutOfDate() const { return m_isOutOfDate; }
    /// Visible on the screen, not scrolled or tabbed away.
    bool isSeen() const;
    /// Draws now; only for the scheduler. Painting on the screen follows in a later turn.
    void redraw();

    /// Shows all there is, and what comes.
    void follow();
    bool isFollowing() const { return !m_isXMoved && !m_isYMoved; }
    /// Shows a stretch of x.
    void zoomTo(double from, double to);
    enum class YScale { Linear, Logarithmic };
    /// Stays linear where not all values are above 0, and becomes so when one comes that is not.
    void setYScale(YScale scale);
    YScale yScale() const { return m_yScale; }

    virtual QList<LegendEntry> legend() const = 0;
    /// Takes over what is shown now and returns the work of making the table of it, which may be done on any thread.
    virtual std::function<PlotTable()> tableWork() const = 0;
    /// One sentence with the latest values, for the accessible description.
    virtual QString summary() const = 0;
    /// Draws the plot with its title and legend, in another theme if wanted.
    void drawTo(QCPPainter& painter, const QSize& size, const Theme& theme, const QColor& background);

Q_SIGNALS:
    void followChanged();
    void legendChanged();

protected:
    /// Takes the data of the visible stretch over; `visible` is x.
    virtual void takeData(const QCPRange& visible) = 0;
    /// All x there is, and all y within a stretch of x.
    virtual QCPRange wholeX() const = 0;
    virtual QCPRange wholeY(const QCPRange& visible) const = 0;
    /// Pens and brushes of what it draws.
    virtual void applyStyle(const PlotStyle& style);

    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

private:
    void prepare();
    void useYScale(YScale scale, const QCPRange& whole);
    void noteMoved(bool& flag);
    void updateDescription();

    QString m_title;
    ChartScheduler* m_scheduler = nullptr;
    YScale m_yScale = YScale::Linear;
    QSharedPointer<QCPAxisTicker> m_linearTicker;
    bool m_isOutOfDate = true;
    bool m_isPreparing = false;
    bool m_isXMoved = false, m_isYMoved = false;
    QPoint m_pressed;
    QElapsedTimer m_sinceDescription;
};

/// Tick labels of a value axis: plain figures, or percent; about five.
class FigureTicker : public QCPAxisTicker {
public:
    enum class Kind { Figures, Percent };
    explicit FigureTicker(Kind kind);

protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
    QVector<QString> createLabelVector(const QVector<double>& ticks, const QLocale& locale, QChar formatChar,
                                       int precision) override;

private:
    Kind m_kind;
    int m_decimals = 0;
};

}  // namespace preflab
