// SPDX-License-Identifier: GPL-3.0-or-later
// Rules over smoothed curves, so that one odd batch raises no alarm.
#include "ui/models/runs/run_findings.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace preflab {
namespace {

constexpr double kWeight = 0.95;           ///< of the moving averages
constexpr std::size_t kFewestPoints = 40;  ///< before that nothing can be said
constexpr double kFall = 0.02;             ///< of the chosen log-prob, relative
constexpr double kWeakShare = 0.05;

/// A smoothed series; nothing if it is too short.
std::optional<std::vector<double>> smoothed(const MetricSeries* series)
{
    if (series == nullptr || series->size() < kFewestPoints) return std::nullopt;
    SmoothedView view;
    view.setWeight(kWeight);
    view.update(series->values());
    return view.values();
}

std::optional<RunFinding> firstLoss(const MetricsStore& metrics)
{
    const MetricSeries* loss = metrics.find("loss");
    if (loss == nullptr || loss->isEmpty()) return std::nullopt;
    const double first = loss->value(0);
    const bool isLn2 = std::abs(first - std::numbers::ln2) < 1e-3;
    const std::int64_t step = metrics.step(loss->row(0));
    return RunFinding{isLn2 ? RunFinding::Kind::FirstLossIsLn2 : RunFinding::Kind::FirstLossIsNotLn2, step, step,
                      first};
}

std::optional<RunFinding> fallOfChosen(const MetricsStore& metrics)
{
    const MetricSeries* series = metrics.find("logps/chosen");
    const auto chosen = smoothed(series), rejected = smoothed(metrics.find("logps/rejected"));
    if (!chosen || !rejected || chosen->size() != rejected->size()) return std::nullopt;
    // The first values are of few batches: the fall is counted from the highest point after them.
    const auto highest = std::max_element(chosen->begin() + 10, chosen->end());
    const auto peak = static_cast<std::size_t>(highest - chosen->begin());
    const double fall = *highest - chosen->back();
    const bool isMarginGrowing = chosen->back() - rejected->back() > (*chosen)[peak] - (*rejected)[peak];
    if (fall < kFall * std::abs(*highest) || !isMarginGrowing || chosen->size() - peak < kFewestPoints / 2)
        return std::nullopt;
    return RunFinding{RunFinding::Kind::ChosenFalls, metrics.step(series->row(peak)),
                      metrics.step(series->row(series->size() - 1)), fall};
}

std::optional<RunFinding> weakPreference(const MetricsStore& metrics)
{
    const MetricSeries* series = metrics.find(kPreferenceShare);
    const auto share = smoothed(series);
    if (!share || share->back() >= kWeakShare) return std::nullopt;
    return RunFinding{RunFinding::Kind::PreferenceIsWeak, metrics.step(series->row(0)),
                      metrics.step(series->row(series->size() - 1)), share->back()};
}

}  // namespace

std::vector<RunFinding> findingsOf(const MetricsStore& metrics, const ComponentDescription& method)
{
    std::vector<RunFinding> findings;
    const auto add = [&](const std::optional<RunFinding>& finding) {
        if (finding) findings.push_back(*finding);
    };
    add(fallOfChosen(metrics));
    add(weakPreference(metrics));
    // Against itself a model starts at ln 2, whatever beta is.
    if (method.needsReference) add(firstLoss(metrics));
    std::ranges::stable_partition(findings, &RunFinding::isAlarm);
    return findings;
}

}  // namespace preflab
