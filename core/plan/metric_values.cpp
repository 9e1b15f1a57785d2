// SPDX-License-Identifier: GPL-3.0-or-later
// Means over micro-batches and running totals over steps.
#include "core/plan/metric_values.h"

#include <algorithm>

namespace preflab {

void MetricAverage::add(const std::vector<StepMetric>& metrics)
{
    ++m_count;
    if (m_sums.empty()) {
        m_sums = metrics;
        return;
    }
    for (std::size_t i = 0; i < metrics.size(); ++i) m_sums[i].value += metrics[i].value;
}

std::vector<double> MetricAverage::sums(std::size_t metrics) const
{
    std::vector<double> sums(metrics + 1, 0.0);
    sums[0] = static_cast<double>(m_count);
    for (std::size_t i = 0; i < std::min(metrics, m_sums.size()); ++i) sums[i + 1] = m_sums[i].value;
    return sums;
}

void MetricAverage::setSums(std::span<const double> sums)
{
    if (m_sums.empty()) return;
    m_count = static_cast<std::int64_t>(sums[0]);
    for (std::size_t i = 0; i < m_sums.size(); ++i) m_sums[i].value = sums[i + 1];
}

std::vector<StepMetric> MetricAverage::result() const
{
    std::vector<StepMetric> result = m_sums;
    for (StepMetric& metric : result) {
        if (metric.kind == StepMetric::Kind::Mean) metric.value /= static_cast<double>(m_count);
    }
    return result;
}

NamedValues RunningTotals::add(const std::vector<StepMetric>& step)
{
    NamedValues values;
    for (const StepMetric& metric : step) {
        double value = metric.value;
        if (metric.kind == StepMetric::Kind::Total) {
            auto total = std::ranges::find(m_totals, metric.key, &NamedValues::value_type::first);
            if (total == m_totals.end()) total = m_totals.insert(total, {metric.key, 0.0});
            value = total->second += metric.value;
        }
        values.emplace_back(metric.key, value);
    }
    return values;
}

double RunningTotals::of(const std::string& key) const
{
    const auto total = std::ranges::find(m_totals, key, &NamedValues::value_type::first);
    return total == m_totals.end() ? 0.0 : total->second;
}

}  // namespace preflab
