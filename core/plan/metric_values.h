// SPDX-License-Identifier: GPL-3.0-or-later
// From micro-batches' values to the points of a curve.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

/// One logged number of a batch.
struct StepMetric {
    /// How a point of the curve comes from batches.
    enum class Kind {
        Mean,   ///< plain mean of the batches' values, as TRL's log takes it
        Total,  ///< running total over all training batches so far
    };
    std::string key;  ///< TRL's name
    double value = 0.0;
    Kind kind = Kind::Mean;
};

/// Numbers under their names, in the order in which they are logged.
using NamedValues = std::vector<std::pair<std::string, double>>;

/// Averages micro-batches as TRL's log does: every micro-batch weighs the same, however many pairs it has.
class MetricAverage {
public:
    void add(const std::vector<StepMetric>& metrics);
    /// How many micro-batches, then the sum of each of `metrics` metrics: what processes add up. Zeros without any.
    std::vector<double> sums(std::size_t metrics) const;
    /// Takes the sums of all processes; nothing if this one has seen no micro-batch, for it knows no names.
    void setSums(std::span<const double> sums);
    /// Kind::Mean: the plain mean. Kind::Total: the sum.
    std::vector<StepMetric> result() const;

private:
    std::vector<StepMetric> m_sums;
    std::int64_t m_count = 0;
};

/// Running totals (`num_tokens`) over the training steps so far.
class RunningTotals {
public:
    RunningTotals() = default;
    /// Totals so far, of an earlier part of the run.
    explicit RunningTotals(NamedValues totals) : m_totals(std::move(totals)) {}
    /// Adds a step's sums and returns its values with totals in place of sums, under their own names.
    NamedValues add(const std::vector<StepMetric>& step);
    /// Total under `key`; 0 before the first step.
    double of(const std::string& key) const;
    /// All of them.
    const NamedValues& values() const { return m_totals; }

private:
    NamedValues m_totals;
};

}  // namespace preflab
