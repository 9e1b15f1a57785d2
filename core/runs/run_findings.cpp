// SPDX-License-Identifier: GPL-3.0-or-later
// Rules over smoothed curves, so that one odd batch raises no alarm.
#include "core/runs/run_findings.h"

#include "core/runs/moving_average.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>

namespace preflab {
namespace {

constexpr double kWeight = 0.95;           ///< of the moving averages
constexpr std::size_t kFewestPoints = 40;  ///< before that nothing can be said
constexpr double kFall = 0.02;             ///< of the chosen log-prob, relative
constexpr double kWeakShare = 0.05;

/// The moving average of a curve; nothing if it is too short.
std::optional<std::vector<double>> smoothed(const RunCurve& curve)
{
    if (curve.size() < kFewestPoints) return std::nullopt;
    MovingAverage average(kWeight);
    std::vector<double> values;
    for (const auto& [step, value] : curve) values.push_back(average.next(value));
    return values;
}

std::optional<RunFinding> firstLoss(const RunCurves& curves)
{
    const RunCurve loss = curves("loss");
    if (loss.empty()) return std::nullopt;
    const auto [step, first] = loss.front();
    const bool isLn2 = std::abs(first - std::numbers::ln2) < 1e-3;
    return RunFinding{isLn2 ? RunFinding::Kind::FirstLossIsLn2 : RunFinding::Kind::FirstLossIsNotLn2, step, step,
                      first};
}

std::optional<RunFinding> fallOfChosen(const RunCurves& curves)
{
    const RunCurve curve = curves("logps/chosen");
    const auto chosen = smoothed(curve), rejected = smoothed(curves("logps/rejected"));
    if (!chosen || !rejected || chosen->size() != rejected->size()) return std::nullopt;
    // The first values are of few batches: the fall is counted from the highest point after them.
    const auto highest = std::max_element(chosen->begin() + 10, chosen->end());
    const auto peak = static_cast<std::size_t>(highest - chosen->begin());
    const double fall = *highest - chosen->back();
    const bool isMarginGrowing = chosen->back() - rejected->back() > (*chosen)[peak] - (*rejected)[peak];
    if (fall < kFall * std::abs(*highest) || !isMarginGrowing || chosen->size() - peak < kFewestPoints / 2)
        return std::nullopt;
    return RunFinding{RunFinding::Kind::ChosenFalls, curve[peak].first, curve.back().first, fall};
}

std::optional<RunFinding> weakPreference(const RunCurves& curves)
{
    const RunCurve curve = curves(kPreferenceShare);
    const auto share = smoothed(curve);
    if (!share || share->back() >= kWeakShare) return std::nullopt;
    return RunFinding{RunFinding::Kind::PreferenceIsWeak, curve.front().first, curve.back().first, share->back()};
}

RunCurve preferenceShares(const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    RunCurve shares;
    RunCursor cursor;
    for (const MetricRow& row : log.news(cursor).metrics) {
        double loss = std::nan(""), nllLoss = std::nan("");
        for (const Metric& metric : row.values) {
            if (names[metric.name] == "loss") loss = metric.value;
            if (names[metric.name] == "nll_loss") nllLoss = metric.value;
        }
        const double share = preferenceShare(loss, nllLoss);
        if (std::isfinite(share)) shares.emplace_back(row.step, share);
    }
    return shares;
}

/// A number with so many significant digits, or with so many decimals.
std::string figure(double value, std::chars_format format, int digits)
{
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, digits).ptr;
    return {buffer.data(), end};
}

}  // namespace

double preferenceShare(double loss, double nllLoss)
{
    return loss == 0.0 ? std::nan("") : (loss - nllLoss) / loss;
}

std::vector<RunFinding> findingsOf(const RunCurves& curves, const ComponentDescription& method)
{
    std::vector<RunFinding> findings;
    const auto add = [&](const std::optional<RunFinding>& finding) {
        if (finding) findings.push_back(*finding);
    };
    add(fallOfChosen(curves));
    add(weakPreference(curves));
    // Against itself a model starts at ln 2, whatever beta is.
    if (method.needsReference) add(firstLoss(curves));
    std::stable_partition(findings.begin(), findings.end(), [](const RunFinding& one) { return one.isAlarm(); });
    return findings;
}

std::vector<RunFinding> findingsOf(const RunLog& log, const ComponentDescription& method)
{
    return findingsOf(
        [&log](std::string_view metric) {
            return metric == kPreferenceShare ? preferenceShares(log) : log.series(metric);
        },
        method);
}

std::string_view runFindingId(RunFinding::Kind kind)
{
    switch (kind) {
    case RunFinding::Kind::FirstLossIsLn2:
        return "first-loss-is-ln2";
    case RunFinding::Kind::FirstLossIsNotLn2:
        return "first-loss-is-not-ln2";
    case RunFinding::Kind::ChosenFalls:
        return "chosen-falls";
    case RunFinding::Kind::PreferenceIsWeak:
        return "preference-is-weak";
    }
    return {};
}

std::string findingText(const RunFinding& finding)
{
    const std::string from = std::to_string(finding.from);
    switch (finding.kind) {
    case RunFinding::Kind::FirstLossIsLn2:
        return "The first loss, at step " + from + ", was ln 2: model and reference agree.";
    case RunFinding::Kind::FirstLossIsNotLn2:
        return "The first loss, at step " + from + ", was " + figure(finding.value, std::chars_format::fixed, 4) +
               " instead of 0.6931: the model differs from its reference before training.";
    case RunFinding::Kind::ChosenFalls:
        return "Chosen answers are getting less likely: their log-probability fell by " +
               figure(finding.value, std::chars_format::general, 2) + " since step " + from +
               ", while the margin still grows. Check that sample answers still read well; a smaller learning rate or "
               "a "
               "larger beta holds them.";
    case RunFinding::Kind::PreferenceIsWeak:
        return "The preference makes up " + figure(100.0 * finding.value, std::chars_format::fixed, 1) +
               " % of the loss; the rest is plain training on chosen answers. A larger lambda weighs it more.";
    }
    return {};
}

}  // namespace preflab
