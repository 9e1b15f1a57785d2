// SPDX-License-Identifier: GPL-3.0-or-later
// A plot in its card: title, legend with values, what can be done with it.
#pragma once

#include "core/base/error.h"
#include "ui/plots/chart_export.h"
#include "ui/plots/plot_area.h"
#include "ui/widgets/blocks.h"

#include <filesystem>

class QMenu;
class QStackedWidget;

namespace preflab {

class Button;
class Chip;

/// Samples of lines with name and latest value, right-aligned; drops values, then names, when it gets narrow.
class ChartLegend : public QWidget {
    Q_OBJECT

public:
    explicit ChartLegend(QWidget* parent = nullptr);
    void setEntries(const QList<LegendEntry>& entries);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<LegendEntry> m_entries;
};

/// Owns its plot. The card's border warns when the plot shows an alarm.
class ChartCard : public Card {
    Q_OBJECT

public:
    explicit ChartCard(PlotArea* plot, QWidget* parent = nullptr);

    PlotArea& plot() const { return *m_plot; }
    /// "warning" or nothing.
    void setTone(const QString& tone);
    /// Writes the plot to a file, off this thread; ends in `saved` or `failed`.
    void save(ExportFormat format, const std::filesystem::path& path);
    /// Shows the numbers instead of the curves, or the curves again.
    void showTable();
    void showPlot();

Q_SIGNALS:
    void saved(const QString& path);
    void failed(const preflab::Error& error);

private:
    void fillMenu(QMenu& menu);
    void askAndSave(ExportFormat format);

    PlotArea* m_plot;
    ChartLegend* m_legend;
    Chip* m_follow;
    Button* m_more;
    QStackedWidget* m_stack;
};

}  // namespace preflab
