// SPDX-License-Identifier: GPL-3.0-or-later
// What a run measured, as columns: one series for each metric, shared by plots and tables.
#pragma once

#include "core/runs/run_findings.h"
#include "ui/models/runs/metric_series.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// What stands on the x axis of curves.
enum class XAxis { Step, Epoch, Tokens, Seconds };

/// True for what was measured on held-out pairs: "eval_…" and "heldout/…".
bool isHeldOutMetric(std::string_view metric);
/// The held-out counterpart of a training metric: "eval_loss" of "loss".
std::string heldOutCounterpart(std::string_view metric);

/// Appended in batches as a log is read; nothing is ever removed. UI thread.
class MetricsStore {
public:
    /// Takes rows in. `names` are the log's, which may have grown since the last batch.
    void append(const std::vector<MetricRow>& rows, const std::vector<std::string>& names);

    /// The series of a metric, or null; stays valid as long as the store.
    const MetricSeries* find(std::string_view metric) const;
    /// A metric as core's rules read it; empty for one that is not there.
    RunCurve curve(std::string_view metric) const;
    /// Names of all series, sorted.
    std::vector<std::string> names() const;
    /// The latest value of a metric; NaN when there is none.
    double last(std::string_view metric) const;
    /// Mean of a metric's latest `count` values; NaN when there is none.
    double recentMean(std::string_view metric, std::size_t count) const;

    std::size_t rowCount() const { return m_steps.size(); }
    /// Where a row stands on an axis.
    double x(std::uint32_t row, XAxis axis) const { return column(axis)[row]; }
    std::int64_t step(std::uint32_t row) const { return static_cast<std::int64_t>(m_steps[row]); }
    std::int64_t lastStep() const { return m_steps.empty() ? 0 : static_cast<std::int64_t>(m_steps.back()); }
    double lastSeconds() const { return m_seconds.empty() ? 0.0 : m_seconds.back(); }
    /// True if rows know where they stand on it: ORPO does not count tokens.
    bool has(XAxis axis) const;
    /// The first value of a series that stands at `x` or beyond; its size when there is none.
    std::size_t firstFrom(const MetricSeries& series, XAxis axis, double x) const;
    /// The value of a series nearest to `x`; the series must not be empty.
    std::size_t nearest(const MetricSeries& series, XAxis axis, double x) const;
    /// Where a step stands on an axis, between rows too.
    double xOfStep(double step, XAxis axis) const;

private:
    const std::vector<double>& column(XAxis axis) const;
    void appendRow(const MetricRow& row, const std::vector<std::string>& names);

    std::vector<double> m_steps, m_seconds, m_epochs, m_tokens;  ///< by row
    std::map<std::string, MetricSeries, std::less<>> m_series;
    std::vector<MetricSeries*> m_byName;  ///< by the log's index of a name
    MetricSeries* m_share = nullptr;
};

}  // namespace preflab
