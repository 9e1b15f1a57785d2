// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over a log's rows.
#include "core/runs/run_summary.h"

#include "core/runs/trained_model.h"

#include <algorithm>
#include <cmath>

namespace preflab {

namespace {

void add(MetricSummary& summary, std::int64_t step, double value)
{
    summary.last = value;
    summary.lastStep = step;
    if (value < summary.lowest) {
        summary.lowest = value;
        summary.lowestStep = step;
    }
    if (value > summary.highest) {
        summary.highest = value;
        summary.highestStep = step;
    }
}

/// Means of at most `parts` parts of about equal length, each at its last step.
std::vector<std::pair<std::int64_t, double>> thinned(const std::vector<std::pair<std::int64_t, double>>& points,
                                                     std::size_t parts)
{
    const std::size_t count = std::min(parts, points.size());
    std::vector<std::pair<std::int64_t, double>> result;
    for (std::size_t part = 0; part < count; ++part) {
        const std::size_t begin = part * points.size() / count;
        const std::size_t end = (part + 1) * points.size() / count;
        double sum = 0.0;
        for (std::size_t i = begin; i < end; ++i) sum += points[i].second;
        result.emplace_back(points[end - 1].first, sum / static_cast<double>(end - begin));
    }
    return result;
}

}  // namespace

const MetricSummary* RunSummary::find(std::string_view metric) const
{
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [metric](const MetricSummary& summary) { return summary.metric == metric; });
    return found == metrics.end() ? nullptr : &*found;
}

RunSummary summarize(const RunLog& log)
{
    RunCursor cursor;
    const RunNews news = log.news(cursor);
    const std::vector<std::string> names = log.metricNames();  // after the rows, so that it has every name they use
    std::vector<std::optional<MetricSummary>> byName(names.size());
    std::vector<std::pair<std::int64_t, double>> losses;
    const auto lossName = static_cast<std::size_t>(std::find(names.begin(), names.end(), "loss") - names.begin());
    RunSummary summary;
    for (const MetricRow& row : news.metrics) {
        summary.lastStep = std::max(summary.lastStep, row.step);
        summary.seconds = std::max(summary.seconds, row.seconds);
        for (const Metric& metric : row.values) {
            if (!std::isfinite(metric.value)) continue;
            std::optional<MetricSummary>& known = byName[metric.name];
            if (known)
                add(*known, row.step, metric.value);
            else
                known = MetricSummary{names[metric.name], metric.value, metric.value, metric.value, metric.value,
                                      row.step,           row.step,     row.step,     row.step};
            if (metric.name == lossName) losses.emplace_back(row.step, metric.value);
        }
    }
    for (std::optional<MetricSummary>& metric : byName)
        if (metric) summary.metrics.push_back(std::move(*metric));
    summary.sparkline = thinned(losses, kSparklinePoints);
    // They become parts of paths, and a log may come from anywhere.
    for (const RunEvent& event : news.events)
        if (event.kind == RunEvent::Kind::Checkpoint && isWeightsFolderName(event.text))
            summary.checkpoints.push_back(event.text);
    return summary;
}

std::optional<BeforeAfter> beforeAfter(const RunLog& log, std::string_view metric)
{
    const auto series = log.series(metric);
    if (series.empty()) return std::nullopt;
    BeforeAfter row{std::string(metric), series.front().second, std::nullopt, series.back().first,
                    series.front().first};
    if (row.afterStep > row.beforeStep) row.after = series.back().second;
    return row;
}

std::vector<BeforeAfter> heldOutBeforeAfter(const RunLog& log)
{
    std::vector<BeforeAfter> rows;
    for (const std::string& name : log.metricNames()) {
        if (!name.starts_with("heldout/")) continue;
        if (auto row = beforeAfter(log, name)) rows.push_back(std::move(*row));
    }
    if (!rows.empty()) return rows;
    if (auto loss = beforeAfter(log, "eval_loss")) rows.push_back(std::move(*loss));
    return rows;
}

}  // namespace preflab
