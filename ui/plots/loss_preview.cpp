// SPDX-License-Identifier: GPL-3.0-or-later
// Bars on one value axis, losses on the other.
#include "ui/plots/loss_preview.h"

#include "ui/models/app/number_text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace preflab {
namespace {

constexpr std::size_t kBars = 31;

LineLook comparisonLook()
{
    return {QStringLiteral("series.2"), 2, false};
}

void setPoints(QCPGraph& graph, const LossPreview::Curve& curve)
{
    QVector<QCPGraphData> points;
    for (std::size_t i = 0; i < std::min(curve.margins.size(), curve.losses.size()); ++i)
        points.push_back({curve.margins[i], curve.losses[i]});
    graph.data()->set(points, true);
}

}  // namespace

LossPreview::LossPreview(const QString& title, QWidget* parent)
    : PlotArea(title, parent), m_bars(new QCPBars(xAxis, yAxis2)), m_curveGraph(addGraph()),
      m_comparisonGraph(addGraph()), m_marker(new QCPItemStraightLine(this)), m_markerLabel(new QCPItemText(this))
{
    m_marker->setVisible(false);
    m_markerLabel->setVisible(false);
    m_markerLabel->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_markerLabel->position->setTypeX(QCPItemPosition::ptPlotCoords);
    m_markerLabel->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_markerLabel->setPadding(QMargins(4, 2, 4, 2));
    m_bars->setAntialiased(false);
    applyStyle(PlotStyle(currentTheme()));
}

QCPRange LossPreview::spanOf(const std::vector<double>& margins)
{
    if (margins.empty()) return {-10.0, 10.0};
    const auto [lowest, highest] = std::ranges::minmax(margins);
    // All at one place (DPO before its first step): a span around it.
    const double half = std::max({std::abs(lowest), std::abs(highest), 1e-9}) * 1.15;
    return half < 0.1 ? QCPRange(-10.0, 10.0) : QCPRange(-half, half);
}

void LossPreview::setMargins(const std::vector<double>& margins)
{
    m_margins = margins;
    const QCPRange span = spanOf(margins);
    const double width = span.size() / static_cast<double>(kBars);
    m_centers.clear();
    m_counts.assign(kBars, 0.0);
    for (std::size_t bar = 0; bar < kBars; ++bar)
        m_centers.push_back(span.lower + (static_cast<double>(bar) + 0.5) * width);
    for (const double margin : margins) {
        const double place = std::clamp((margin - span.lower) / width, 0.0, static_cast<double>(kBars) - 1.0);
        m_counts[static_cast<std::size_t>(place)] += 1.0;
    }
    m_bars->setWidth(width * 0.86);
    invalidate();
}

void LossPreview::setCurve(const Curve& curve)
{
    m_curve = curve;
    invalidate();
}

void LossPreview::setComparison(const std::optional<Curve>& curve)
{
    m_comparison = curve;
    invalidate();
}

void LossPreview::setMarker(const std::optional<double>& margin, const QString& label)
{
    m_markerAt = margin;
    m_marker->setVisible(margin.has_value());
    m_markerLabel->setVisible(margin.has_value() && !label.isEmpty());
    m_markerLabel->setText(label);
    if (margin) {
        m_marker->point1->setCoords(*margin, 0.0);
        m_marker->point2->setCoords(*margin, 1.0);
        m_markerLabel->position->setCoords(*margin, 0.02);
    }
    invalidate();
}

void LossPreview::setXLabel(const QString& label)
{
    m_xLabel = label;
    invalidate();
}

void LossPreview::takeData(const QCPRange&)
{
    xAxis->setLabel(QFontMetrics(xAxis->labelFont()).elidedText(m_xLabel, Qt::ElideRight, axisRect()->width()));
    QVector<QCPBarsData> bars;
    for (std::size_t i = 0; i < m_counts.size(); ++i) bars.push_back({m_centers[i], m_counts[i]});
    m_bars->data()->set(bars, true);
    const auto most = std::ranges::max_element(m_counts);
    yAxis2->setRange(0.0, most == m_counts.end() || *most <= 0.0 ? 1.0 : *most * 1.25);
    setPoints(*m_curveGraph, m_curve);
    setPoints(*m_comparisonGraph, m_comparison.value_or(Curve()));
}

QCPRange LossPreview::wholeX() const
{
    return spanOf(m_margins);
}

QCPRange LossPreview::wholeY(const QCPRange&) const
{
    double highest = 0.0;
    for (const auto* curve : {&m_curve.losses, m_comparison ? &m_comparison->losses : nullptr}) {
        if (curve == nullptr) continue;
        for (const double loss : *curve) {
            if (std::isfinite(loss)) highest = std::max(highest, loss);
        }
    }
    return {0.0, highest > 0.0 ? highest : 1.0};
}

void LossPreview::applyStyle(const PlotStyle& style)
{
    PlotArea::applyStyle(style);
    const Theme& theme = style.theme();
    m_bars->setPen(Qt::NoPen);
    m_bars->setBrush(theme.borderStrong);
    m_curveGraph->setPen(style.linePen(LineLook::ofSeries(0)));
    m_comparisonGraph->setPen(style.linePen(comparisonLook()));
    m_marker->setPen(dashed(QPen(theme.textSecondary, 1.0), {5, 4}));
    m_markerLabel->setFont(theme.tiny);
    m_markerLabel->setColor(theme.textMuted);
}

QList<LegendEntry> LossPreview::legend() const
{
    QList<LegendEntry> entries;
    if (!m_curve.losses.empty()) entries.push_back({LineLook::ofSeries(0), m_curve.name, {}});
    if (m_comparison) entries.push_back({comparisonLook(), m_comparison->name, {}});
    return entries;
}

std::function<PlotTable()> LossPreview::tableWork() const
{
    PlotTable table;
    table.headers = {tr("Margin"), m_curve.name.isEmpty() ? tr("Loss") : m_curve.name};
    table.columns = {m_curve.margins, m_curve.losses};
    if (m_comparison && m_comparison->losses.size() == m_curve.losses.size()) {
        table.headers.push_back(m_comparison->name);
        table.columns.push_back(m_comparison->losses);
    }
    return [table = std::move(table)] { return table; };
}

QString LossPreview::summary() const
{
    if (m_margins.empty()) return tr("Loss over the margin at %1").arg(m_curve.name);
    const double mean =
        std::accumulate(m_margins.begin(), m_margins.end(), 0.0) / static_cast<double>(m_margins.size());
    return tr("Loss at %1 over the margins of %2 pairs, mean %3")
        .arg(m_curve.name, QString::number(m_margins.size()), figureText(mean, 3));
}

}  // namespace preflab
