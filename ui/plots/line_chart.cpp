// SPDX-License-Identifier: GPL-3.0-or-later
// Lines, their ranges and their legend.
#include "ui/plots/line_chart.h"

#include "ui/models/app/number_text.h"
#include "ui/plots/crosshair.h"
#include "ui/plots/readout.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace preflab {
namespace {

constexpr double kBelowZero = 0.06;  ///< of the range: the room that plots leave below their lines

/// A line's values, each with its step.
struct SteppedValues {
    std::vector<double> steps, values;
};

/// One row for every step that any of the lines has.
PlotTable tableOf(const QStringList& headers, const std::vector<SteppedValues>& lines)
{
    std::vector<double> steps;
    for (const SteppedValues& line : lines) steps.insert(steps.end(), line.steps.begin(), line.steps.end());
    std::ranges::sort(steps);
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    PlotTable table{headers, {steps}};
    for (const SteppedValues& line : lines) {
        std::vector<double>& column =
            table.columns.emplace_back(steps.size(), std::numeric_limits<double>::quiet_NaN());
        for (std::size_t i = 0; i < line.steps.size(); ++i) {
            const auto row = std::ranges::lower_bound(steps, line.steps[i]) - steps.begin();
            column[static_cast<std::size_t>(row)] = line.values[i];
        }
    }
    return table;
}

}  // namespace

LineChart::LineChart(const QString& title, QWidget* parent)
    : PlotArea(title, parent), m_marks(new PlotMarks(this)), m_mark(new CrosshairMark(this)),
      m_readout(new Readout(this))
{
    applyStyle(PlotStyle(currentTheme()));
}

LineChart::~LineChart() = default;

void LineChart::setLines(std::vector<ChartLine> lines)
{
    // From the last to the first: a filled line looks at the one before.
    while (!m_lines.empty()) m_lines.pop_back();
    const bool hasRight =
        std::ranges::any_of(lines, [](const auto& line) { return line.side == ChartLine::Side::Right; });
    for (ChartLine& line : lines) {
        const LineGraphs* previous = m_lines.empty() ? nullptr : m_lines.back().get();
        m_lines.push_back(std::make_unique<LineGraphs>(*this, std::move(line), previous));
        m_lines.back()->setWeight(m_smoothing);
        m_lines.back()->applyStyle(PlotStyle(currentTheme()));
    }
    yAxis2->setVisible(hasRight);
    yAxis2->setTickLabels(hasRight);
    refresh();
}

void LineChart::setReferences(const QList<ReferenceLine>& references)
{
    m_marks->references = references;
    invalidate();
}

void LineChart::setAlarm(const std::optional<AlarmBand>& steps)
{
    m_alarm = steps;
    invalidate();
}

void LineChart::setBudget(double steps)
{
    if (steps == m_budget) return;
    m_budget = steps;
    invalidate();
}

void LineChart::setXAxis(XAxis axis)
{
    if (axis == m_axis) return;
    m_axis = axis;
    follow();
}

void LineChart::setSmoothing(double weight)
{
    if (weight == m_smoothing) return;
    m_smoothing = weight;
    for (const auto& line : m_lines) line->setWeight(weight);
    refresh();
}

void LineChart::setPercent()
{
    m_isPercent = true;
    yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new FigureTicker(FigureTicker::Kind::Percent)));
}

void LineChart::setFromZero()
{
    m_isFromZero = true;
}

const LineGraphs* LineChart::firstWithData() const
{
    const auto found = std::ranges::find_if(m_lines, [](const auto& line) { return line->series() != nullptr; });
    return found == m_lines.end() ? nullptr : found->get();
}

void LineChart::takeData(const QCPRange& visible)
{
    for (const auto& line : m_lines) line->take(m_axis, visible);
    const LineGraphs* first = firstWithData();
    m_marks->lastValue = first == nullptr ? 0.0 : first->strongValue(first->series()->size() - 1);
    m_marks->band = m_alarm;
    if (m_alarm && !m_lines.empty()) {
        const MetricsStore& store = *m_lines.front()->line().store;
        m_marks->band->from = store.xOfStep(m_alarm->from, m_axis);
        m_marks->band->to = store.xOfStep(m_alarm->to, m_axis);
    }
    if (yAxis2->visible()) fitRightAxis(visible);
    showCrosshair();
}

QCPRange LineChart::wholeX() const
{
    QCPRange whole(0.0, 0.0);
    for (const auto& line : m_lines) {
        const MetricsStore& store = *line->line().store;
        if (m_budget > 0.0) whole.upper = std::max(whole.upper, store.xOfStep(m_budget, m_axis));
        if (const MetricSeries* series = line->series())
            whole.upper = std::max(whole.upper, store.x(series->row(series->size() - 1), m_axis));
    }
    return whole;
}

QCPRange LineChart::wholeY(const QCPRange& visible) const
{
    Extremes all;
    for (const auto& line : m_lines) {
        if (line->line().side == ChartLine::Side::Left) all.add(line->extremes(m_axis, visible));
    }
    const bool hasData = !all.isEmpty();
    for (const ReferenceLine& reference : m_marks->references) all.add(reference.y);
    if (m_isFromZero && yScale() == YScale::Linear) all.add(0.0);
    if (!hasData) {
        all.add(all.isEmpty() ? 0.0 : all.lowest - 0.1);
        all.add(all.highest + 0.1);
    }
    return {all.lowest, all.highest};
}

void LineChart::fitRightAxis(const QCPRange& visible)
{
    Extremes all;
    for (const auto& line : m_lines) {
        if (line->line().side == ChartLine::Side::Right) all.add(line->extremes(m_axis, visible));
    }
    all.add(0.0);
    const double highest = all.highest > 0.0 ? all.highest * 1.2 : 1.0;
    yAxis2->setRange(-kBelowZero * highest, (1.0 + kBelowZero) * highest);  // 0 stands where the left axis has it
}

void LineChart::applyStyle(const PlotStyle& style)
{
    PlotArea::applyStyle(style);
    m_marks->theme = style.theme();
    m_mark->theme = style.theme();
    for (const auto& line : m_lines) line->applyStyle(style);
}

QString LineChart::valueText(const ChartLine& line, double value) const
{
    return m_isPercent ? percentText(value) : metricText(line.metric, value);
}

QList<LegendEntry> LineChart::legend() const
{
    QList<LegendEntry> entries;
    for (const auto& line : m_lines) {
        const MetricSeries* series = line->series();
        if (series == nullptr) continue;
        entries.push_back(
            {line->line().look, line->line().name, valueText(line->line(), line->strongValue(series->size() - 1))});
    }
    return entries;
}

QString LineChart::summary() const
{
    QStringList values;
    std::int64_t step = 0;
    for (const auto& line : m_lines) {
        const MetricSeries* series = line->series();
        if (series == nullptr) continue;
        step = std::max(step, line->line().store->step(series->row(series->size() - 1)));
        values.push_back(
            tr("%1 %2").arg(line->line().name, valueText(line->line(), line->strongValue(series->size() - 1))));
    }
    if (values.isEmpty()) return tr("%1: nothing measured yet").arg(title());
    return tr("%1 at step %2: %3").arg(title()).arg(step).arg(QLocale().createSeparatedList(values));
}

std::function<PlotTable()> LineChart::tableWork() const
{
    QStringList headers{tr("Step")};
    std::vector<SteppedValues> lines(m_lines.size());
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        headers.push_back(m_lines[i]->line().name);
        const MetricSeries* series = m_lines[i]->series();
        if (series == nullptr) continue;
        lines[i].values = series->values();
        lines[i].steps.reserve(series->size());
        for (const std::uint32_t row : series->rows())
            lines[i].steps.push_back(static_cast<double>(m_lines[i]->line().store->step(row)));
    }
    return [headers, lines = std::move(lines)] { return tableOf(headers, lines); };
}

void LineChart::zoomToSteps(double from, double to)
{
    if (m_lines.empty()) return;
    const MetricsStore& store = *m_lines.front()->line().store;
    zoomTo(store.xOfStep(from, m_axis), store.xOfStep(to, m_axis));
}

}  // namespace preflab
