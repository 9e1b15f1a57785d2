// SPDX-License-Identifier: GPL-3.0-or-later
// Deviations from a golden run, held against the tolerances that goldens/README.md recommends.
#pragma once

#include "core/base/json.h"
#include "core/runs/backend.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// A deviation is within if it is at most `relative` times the scale plus `absolute`.
struct Tolerance {
    double relative = 0.0;
    double absolute = 0.0;
    std::string text() const;
};

/// Sum and L2 norm in float64 and the first four values in row-major order, as goldens describe tensors.
struct TensorSummary {
    double sum = 0.0;
    double l2 = 0.0;
    std::vector<double> first;
};

/// Collects deviations by metric. `dtype` and beta choose the tolerances: fp64 runs are held to 1e-9.
class ParityTable {
public:
    ParityTable(std::string dtype, double beta) : m_dtype(std::move(dtype)), m_beta(beta) {}

    /// A logged number; eval_* has the tolerance of the metric without the prefix.
    void addMetric(const std::string& key, std::int64_t step, double expected, double actual);
    /// A number that the golden has and the run does not: never within.
    void addMissing(const std::string& key, std::int64_t step);
    /// A reference log-prob.
    void addReference(const std::string& key, double expected, double actual);
    /// Gradients of a step under "gradients", or final parameters (step of the last update) under that name.
    void addGradient(std::int64_t step, const Json& expected, const TensorSummary& actual);
    void addFinalParameter(std::int64_t step, const Json& expected, const TensorSummary& actual);

    /// One row a metric, in the order in which metrics first came.
    const std::vector<ParityRow>& rows() const { return m_rows; }

private:
    void add(const std::string& key, std::int64_t step, const Tolerance& tolerance, double scale, double expected,
             double actual);
    void addTensor(const std::string& name, std::int64_t step, const Json& expected, const TensorSummary& actual,
                   const Tolerance& l2, const Tolerance& first, const Tolerance& sum);
    Tolerance metricTolerance(std::string_view key) const;
    bool isDouble() const { return m_dtype == "float64"; }

    std::string m_dtype;
    double m_beta;
    std::vector<ParityRow> m_rows;
};

}  // namespace preflab
