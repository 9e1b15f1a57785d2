// SPDX-License-Identifier: GPL-3.0-or-later
// Rows become columns.
#include "ui/models/runs/metrics_store.h"

#include <algorithm>
#include <cmath>

namespace preflab {

bool isHeldOutMetric(std::string_view metric)
{
    return metric.starts_with("eval_") || metric.starts_with("heldout/");
}

std::string heldOutCounterpart(std::string_view metric)
{
    return "eval_" + std::string(metric);
}

void MetricsStore::append(const std::vector<MetricRow>& rows, const std::vector<std::string>& names)
{
    for (std::size_t i = m_byName.size(); i < names.size(); ++i) m_byName.push_back(&m_series[names[i]]);
    for (const MetricRow& row : rows) appendRow(row, names);
}

void MetricsStore::appendRow(const MetricRow& row, const std::vector<std::string>& names)
{
    const auto index = static_cast<std::uint32_t>(m_steps.size());
    // A row of an evaluation stands where training stood.
    double epoch = m_epochs.empty() ? 0.0 : m_epochs.back();
    double tokens = m_tokens.empty() ? 0.0 : m_tokens.back();
    double loss = std::nan(""), answers = std::nan("");
    for (const Metric& metric : row.values) {
        if (metric.name >= m_byName.size()) continue;
        const std::string& name = names[metric.name];
        if (name == "epoch")
            epoch = metric.value;
        else if (name == "num_tokens")
            tokens = metric.value;
        else if (name == "loss")
            loss = metric.value;
        else if (name == "nll_loss")
            answers = metric.value;
        m_byName[metric.name]->append(index, metric.value);
    }
    if (const double share = preferenceShare(loss, answers); std::isfinite(share)) {
        if (m_share == nullptr) m_share = &m_series[std::string(kPreferenceShare)];
        m_share->append(index, share);
    }
    m_steps.push_back(static_cast<double>(row.step));
    m_seconds.push_back(row.seconds);
    m_epochs.push_back(epoch);
    m_tokens.push_back(tokens);
}

const MetricSeries* MetricsStore::find(std::string_view metric) const
{
    const auto found = m_series.find(metric);
    return found == m_series.end() ? nullptr : &found->second;
}

RunCurve MetricsStore::curve(std::string_view metric) const
{
    RunCurve curve;
    const MetricSeries* series = find(metric);
    if (series == nullptr) return curve;
    curve.reserve(series->size());
    for (std::size_t i = 0; i < series->size(); ++i) curve.emplace_back(step(series->row(i)), series->value(i));
    return curve;
}

std::vector<std::string> MetricsStore::names() const
{
    std::vector<std::string> names;
    for (const auto& [name, series] : m_series) names.push_back(name);
    return names;
}

double MetricsStore::last(std::string_view metric) const
{
    const MetricSeries* series = find(metric);
    return series == nullptr ? std::nan("") : series->last();
}

double MetricsStore::recentMean(std::string_view metric, std::size_t count) const
{
    const MetricSeries* series = find(metric);
    if (series == nullptr || series->isEmpty()) return std::nan("");
    const std::size_t taken = std::min(count, series->size());
    double sum = 0.0;
    for (std::size_t i = series->size() - taken; i < series->size(); ++i) sum += series->value(i);
    return sum / static_cast<double>(taken);
}

bool MetricsStore::has(XAxis axis) const
{
    return axis == XAxis::Step || axis == XAxis::Seconds || (!m_steps.empty() && column(axis).back() > 0.0);
}

const std::vector<double>& MetricsStore::column(XAxis axis) const
{
    switch (axis) {
    case XAxis::Epoch:
        return m_epochs;
    case XAxis::Tokens:
        return m_tokens;
    case XAxis::Seconds:
        return m_seconds;
    case XAxis::Step:
        break;
    }
    return m_steps;
}

std::size_t MetricsStore::firstFrom(const MetricSeries& series, XAxis axis, double x) const
{
    const auto& positions = column(axis);
    const auto& rows = series.rows();
    const auto found = std::lower_bound(rows.begin(), rows.end(), x,
                                        [&](std::uint32_t row, double wanted) { return positions[row] < wanted; });
    return static_cast<std::size_t>(found - rows.begin());
}

std::size_t MetricsStore::nearest(const MetricSeries& series, XAxis axis, double x) const
{
    const std::size_t next = firstFrom(series, axis, x);
    if (next == 0) return 0;
    if (next == series.size()) return next - 1;
    const double before = this->x(series.row(next - 1), axis), after = this->x(series.row(next), axis);
    return x - before <= after - x ? next - 1 : next;
}

double MetricsStore::xOfStep(double step, XAxis axis) const
{
    if (axis == XAxis::Step || m_steps.empty()) return step;
    const auto& positions = column(axis);
    const auto next =
        static_cast<std::size_t>(std::lower_bound(m_steps.begin(), m_steps.end(), step) - m_steps.begin());
    if (next == m_steps.size()) {
        // Beyond what was measured it goes on at the pace so far.
        return m_steps.back() > 0.0 ? positions.back() * step / m_steps.back() : positions.back();
    }
    return positions[next];
}

}  // namespace preflab
