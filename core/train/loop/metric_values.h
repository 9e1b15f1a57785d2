// SPDX-License-Identifier: GPL-3.0-or-later
// From micro-batches' values to the points of a curve.
#pragma once

#include "core/train/objectives/method.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

/// Numbers under their names, in the order in which they are logged.
using NamedValues = std::vector<std::pair<std::string, double>>;

/// Averages micro-batches as TRL's log does: every micro-batch weighs the same, however many pairs it has.
class MetricAverage {
public:
    void add(const std::vector<StepMetric>& metrics);
    /// Kind::Mean: the plain mean. Kind::Total: the sum.
    std::vector<StepMetric> result() const;

private:
    std::vector<StepMetric> m_sums;
    std::int64_t m_count = 0;
};

/// Running totals (`num_tokens`) over the training steps so far.
class RunningTotals {
public:
    /// Adds a step's sums and returns its values with totals in place of sums, under their own names.
    NamedValues add(const std::vector<StepMetric>& step);
    /// Total under `key`; 0 before the first step.
    double of(const std::string& key) const;

private:
    NamedValues m_totals;
};

}  // namespace preflab
