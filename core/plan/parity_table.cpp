// SPDX-License-Identifier: GPL-3.0-or-later
// Tolerances and the largest deviation of each metric.
#include "core/plan/parity_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace preflab {
namespace {

constexpr Tolerance kDoubleTolerance{1e-9, 0.0};

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

bool isOneOf(std::string_view key, std::initializer_list<std::string_view> keys)
{
    return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

std::string Tolerance::text() const
{
    if (absolute == 0.0) return number(relative) + " relative";
    if (relative == 0.0) return number(absolute) + " absolute";
    return number(relative) + " relative + " + number(absolute);
}

Tolerance ParityTable::metricTolerance(std::string_view key) const
{
    if (key.starts_with("eval_")) key.remove_prefix(5);
    // Shares come from float32 in TRL, counts and rates are exact.
    if (isOneOf(key, {"rewards/accuracies", "mean_token_accuracy", "num_tokens", "learning_rate", "epoch"}))
        return {0.0, 1e-6};
    if (isDouble()) return kDoubleTolerance;
    if (key == "grad_norm") return {2e-4, 0.0};
    // Beta times small differences of sums near 200: TRL itself moves by 1.5e-5 from one processor to another.
    if (key.starts_with("rewards/")) return {0.0, 5e-5 * m_beta / 0.1};
    if (key == "entropy") return {2e-5, 0.0};
    if (key.starts_with("logps/") || key.starts_with("logits/")) return {5e-6, 0.0};
    return {2e-5, 2e-6};  // loss, nll_loss, log_odds_*
}

void ParityTable::add(const std::string& key, std::int64_t step, const Tolerance& tolerance, double scale,
                      double expected, double actual)
{
    auto row = std::ranges::find(m_rows, key, &ParityRow::metric);
    if (row == m_rows.end()) {
        ParityRow fresh;
        fresh.metric = key;
        fresh.tolerance = tolerance.text();
        fresh.worstStep = step;
        fresh.isWithin = true;
        row = m_rows.insert(row, std::move(fresh));
    }
    const double deviation = std::abs(actual - expected);
    if (!(deviation <= tolerance.relative * std::abs(scale) + tolerance.absolute)) row->isWithin = false;
    if (!(deviation <= row->largestDeviation)) {
        row->largestDeviation = deviation;
        row->worstStep = step;
    }
    if (scale != 0.0) row->largestRelative = std::max(row->largestRelative, deviation / std::abs(scale));
}

void ParityTable::addMetric(const std::string& key, std::int64_t step, double expected, double actual)
{
    add(key, step, metricTolerance(key), expected, expected, actual);
}

void ParityTable::addMissing(const std::string& key, std::int64_t step)
{
    const double infinity = std::numeric_limits<double>::infinity();
    add(key, step, metricTolerance(key), 0.0, 0.0, infinity);
}

void ParityTable::addReference(const std::string& key, double expected, double actual)
{
    add(key, 0, isDouble() ? kDoubleTolerance : Tolerance{5e-6, 0.0}, expected, expected, actual);
}

void ParityTable::addTensor(const std::string& name, std::int64_t step, const Json& expected,
                            const TensorSummary& actual, const Tolerance& l2, const Tolerance& first,
                            const Tolerance& sum)
{
    const double length = expected.at("l2").get<double>();
    const auto values = expected.at("first").get<std::vector<double>>();
    add(name + " l2", step, l2, length, length, actual.l2);
    add(name + " sum", step, sum, length, expected.at("sum").get<double>(), actual.sum);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double found = i < actual.first.size() ? actual.first[i] : std::numeric_limits<double>::infinity();
        add(name + " first", step, first, length, values[i], found);
    }
}

void ParityTable::addGradient(std::int64_t step, const Json& expected, const TensorSummary& actual)
{
    if (isDouble()) {
        addTensor("gradients", step, expected, actual, kDoubleTolerance, kDoubleTolerance, kDoubleTolerance);
    } else {
        addTensor("gradients", step, expected, actual, {2e-5, 0.0}, {1e-5, 0.0}, {1e-4, 0.0});
    }
}

void ParityTable::addFinalParameter(std::int64_t step, const Json& expected, const TensorSummary& actual)
{
    const std::string name = "final_parameters";
    if (isDouble()) {
        addTensor(name, step, expected, actual, kDoubleTolerance, kDoubleTolerance, kDoubleTolerance);
    } else {
        addTensor(name, step, expected, actual, {1e-5, 0.0}, {0.0, 1e-5}, {0.0, 1e-3});
    }
}

}  // namespace preflab
