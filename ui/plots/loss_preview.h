// SPDX-License-Identifier: GPL-3.0-or-later
// The loss that a setting means for the user's own pairs: its curve over a histogram of their margins.
#pragma once

#include "ui/plots/plot_area.h"

#include <optional>
#include <vector>

namespace preflab {

/// Bars are pairs by margin (before beta) or log-odds; solid the loss at the chosen setting, dotted the one it is
/// compared with; a marker where the pairs' mean lies. What it is given comes from the backend.
class LossPreview : public PlotArea {
    Q_OBJECT

public:
    explicit LossPreview(const QString& title, QWidget* parent = nullptr);

    /// One curve of loss over margin.
    struct Curve {
        QString name;                 ///< "beta 0.1"
        std::vector<double> margins;  ///< rising
        std::vector<double> losses;   ///< as many
    };
    /// Margins of the pairs; they are counted in about thirty bars.
    void setMargins(const std::vector<double>& margins);
    void setCurve(const Curve& curve);
    /// Dotted; nothing takes it away.
    void setComparison(const std::optional<Curve>& curve);
    /// A vertical line with its meaning.
    void setMarker(const std::optional<double>& margin, const QString& label = {});
    /// What stands below the x axis: "margin before beta".
    void setXLabel(const QString& label);
    /// The margins that are visible: for whoever computes the curves.
    static QCPRange spanOf(const std::vector<double>& margins);
    /// Pairs in each bar.
    const std::vector<double>& counts() const { return m_counts; }

    QList<LegendEntry> legend() const override;
    std::function<PlotTable()> tableWork() const override;
    QString summary() const override;

protected:
    void takeData(const QCPRange& visible) override;
    QCPRange wholeX() const override;
    QCPRange wholeY(const QCPRange& visible) const override;
    void applyStyle(const PlotStyle& style) override;

private:
    QCPBars* m_bars;
    QCPGraph* m_curveGraph;
    QCPGraph* m_comparisonGraph;
    QCPItemStraightLine* m_marker;
    QCPItemText* m_markerLabel;
    Curve m_curve;
    QString m_xLabel;
    std::optional<Curve> m_comparison;
    std::vector<double> m_margins, m_centers, m_counts;
    std::optional<double> m_markerAt;
};

}  // namespace preflab
