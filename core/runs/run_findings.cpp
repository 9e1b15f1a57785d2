// SPDX-License-Identifier: GPL-3.0-or-later
// Rules over smoothed curves, so that one odd batch raises no alarm.
#include "core/runs/run_findings.h"

#include "core/runs/moving_average.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace preflab {
namespace {

constexpr double kWeight = 0.95;           ///< of the moving averages
constexpr std::size_t kFewestPoints = 40;  ///< before that nothing can be said
constexpr double kWeakShare = 0.05;
constexpr double kRewardNoise = 1e-3;         ///< of equal log-probs that two computations gave
constexpr double kFall = 0.2;                 ///< of chosen, as a share of what the margin gained
constexpr double kSmallestMargin = 0.02;      ///< gained, in rewards; below, nothing has been learned yet
constexpr double kStandardErrors = 4.0;       ///< that part two means which are not equal by chance
constexpr double kHeldOutFall = 0.02;         ///< of chosen, as a share of their negative log-likelihood at the start
constexpr double kHeldOutRise = 2.0;          ///< nats per token
constexpr double kHeldOutRiseWithLoss = 0.5;  ///< the same where the training loss rises, too
constexpr double kLossRise = 0.5;
constexpr double kSpreads = 3.0;  ///< standard deviations
constexpr std::size_t kRecentLosses = 10;

/// The moving average of a curve; nothing if it is too short.
std::optional<std::vector<double>> smoothed(const RunCurve& curve)
{
    if (curve.size() < kFewestPoints) return std::nullopt;
    MovingAverage average(kWeight);
    std::vector<double> values;
    for (const auto& [step, value] : curve) values.push_back(average.next(value));
    return values;
}

/// Against itself a model has rewards of 0, whatever the loss makes of them: they are beta times log-ratios. TRL users look
/// for a first loss of ln 2, which holds for the plain sigmoid loss only; weights and other losses change it.
std::optional<RunFinding> firstRewards(const RunCurves& curves)
{
    const RunCurve chosen = curves("rewards/chosen"), rejected = curves("rewards/rejected");
    if (chosen.empty() || rejected.empty()) return std::nullopt;
    const double largest = std::max(std::abs(chosen.front().second), std::abs(rejected.front().second));
    const bool areEqual = largest <= kRewardNoise;
    const std::int64_t step = chosen.front().first;
    return RunFinding{areEqual ? RunFinding::Kind::ReferenceAgrees : RunFinding::Kind::ReferenceDiffers, step, step,
                      largest};
}

/// Mean and variance of some neighbouring values.
struct Stretch {
    double mean = 0.0, variance = 0.0;
    std::size_t size = 0;

    Stretch(const RunCurve& curve, std::size_t begin, std::size_t end) : size(end - begin)
    {
        for (std::size_t i = begin; i < end; ++i) mean += curve[i].second / static_cast<double>(size);
        for (std::size_t i = begin; i < end; ++i) variance += std::pow(curve[i].second - mean, 2);
        variance /= static_cast<double>(std::max<std::size_t>(size - 1, 1));
    }
};

/// By how much `later` lies above `earlier`, in standard errors of the difference.
double standardErrors(const Stretch& earlier, const Stretch& later)
{
    const double error = std::sqrt(earlier.variance / static_cast<double>(earlier.size) +
                                   later.variance / static_cast<double>(later.size));
    const double difference = later.mean - earlier.mean;
    return error > 0.0 ? difference / error : difference == 0.0 ? 0.0 : std::copysign(1e9, difference);
}

/// Batches hold different pairs, so log-probs of one cannot be held against another's. Rewards can: the reference takes
/// each pair's own starting point away. What is left differs by chance, so a fall has to stand out from that and has to
/// matter beside what the margin gained.
std::optional<RunFinding> fallOfChosen(const RunCurves& curves)
{
    const RunCurve chosen = curves("rewards/chosen"), margin = curves("rewards/margins");
    const auto average = smoothed(chosen);
    if (!average || margin.size() != chosen.size()) return std::nullopt;
    // The start counts, too: rewards begin at 0, before any batch could scatter.
    const auto highest = std::max_element(average->begin(), average->end());
    const auto peak = static_cast<std::size_t>(highest - average->begin());
    if (chosen.size() - peak < kFewestPoints / 2) return std::nullopt;
    const std::size_t length = std::min<std::size_t>(peak + 1, kFewestPoints / 2);
    const auto before = [&](const RunCurve& curve) { return Stretch(curve, peak + 1 - length, peak + 1); };
    const auto now = [](const RunCurve& curve) {
        return Stretch(curve, curve.size() - kFewestPoints / 2, curve.size());
    };
    const double fall = before(chosen).mean - now(chosen).mean;
    const double growth = now(margin).mean - before(margin).mean;
    const bool isByChance = standardErrors(before(chosen), now(chosen)) > -kStandardErrors ||
                            standardErrors(before(margin), now(margin)) < kStandardErrors;
    if (isByChance || growth < kSmallestMargin || fall < kFall * growth) return std::nullopt;
    return RunFinding{RunFinding::Kind::ChosenFalls, chosen[peak].first, chosen.back().first, fall};
}

/// For methods without a reference: held-out pairs are the same at every measurement, so what changes is the model.
std::optional<RunFinding> fallOfHeldOut(const RunCurves& curves)
{
    const RunCurve nll = curves("heldout/nll_chosen"), drift = curves("heldout/drift_chosen");
    const RunCurve margin = curves("heldout/margin_mean");
    // Methods that do not learn from rejected answers gain no margin on purpose.
    if (curves("rewards/margins").empty() || drift.size() < 2 || drift.size() != margin.size() || nll.empty())
        return std::nullopt;
    const auto highest = std::max_element(drift.begin(), drift.end(),
                                          [](const auto& one, const auto& other) { return one.second < other.second; });
    const auto peak = static_cast<std::size_t>(highest - drift.begin());
    const double fall = highest->second - drift.back().second;
    const double growth = margin.back().second - margin[peak].second;
    if (!(fall > kHeldOutFall * nll.front().second) || !(growth > 0.0) || fall < kFall * growth) return std::nullopt;
    return RunFinding{RunFinding::Kind::HeldOutChosenFalls, highest->first, drift.back().first, fall};
}

/// The loss of the last steps; nothing for a run that has not gone far.
std::optional<Stretch> recentLoss(const RunCurve& loss)
{
    if (loss.size() <= kRecentLosses) return std::nullopt;
    return Stretch(loss, loss.size() - kRecentLosses, loss.size());
}

/// Well above the first step's, whose weights nothing has changed yet: training has broken the model. TRL users see it in
/// a loss or a gradient norm that jumps and stays up.
std::optional<RunFinding> divergedLoss(const RunCurves& curves, const ComponentDescription& method)
{
    const RunCurve loss = curves("loss");
    const auto recent = recentLoss(loss);
    if (!recent) return std::nullopt;
    // Against a reference all pairs start at one loss. Without one the first batch may be an easy one, so the rise is held
    // against how far batches lie apart.
    const double spread =
        std::sqrt(recent->variance / (method.needsReference ? static_cast<double>(recent->size) : 1.0));
    const auto [step, first] = loss.front();
    if (!(recent->mean - first > std::max(kLossRise, kSpreads * spread))) return std::nullopt;
    return RunFinding{RunFinding::Kind::LossDiverges, step, loss.back().first, recent->mean, first};
}

/// The same pairs before training and now, in nats per token: no chance is in it. A method with a reference may give up
/// some likelihood of chosen answers for the margin; 2 nats make every token 7 times less likely. Other methods train on
/// chosen answers. If these get less likely although the training loss falls, the run learns by heart, which is another
/// matter; if the loss is up as well, it learns nothing.
std::optional<RunFinding> divergedHeldOut(const RunCurves& curves, const ComponentDescription& method)
{
    const RunCurve nll = curves("heldout/nll_chosen");
    if (nll.size() < 2) return std::nullopt;
    const RunCurve loss = curves("loss");
    const auto recent = recentLoss(loss);
    const bool isLossUp = recent && recent->mean > loss.front().second;
    const auto [step, first] = nll.front();
    const double limit = !method.needsReference && isLossUp ? kHeldOutRiseWithLoss : kHeldOutRise;
    if (!(nll.back().second - first > limit)) return std::nullopt;
    return RunFinding{RunFinding::Kind::HeldOutDiverges, step, nll.back().first, nll.back().second, first};
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
    add(divergedHeldOut(curves, method));
    add(divergedLoss(curves, method));
    add(method.needsReference ? fallOfChosen(curves) : fallOfHeldOut(curves));
    add(weakPreference(curves));
    if (method.needsReference) add(firstRewards(curves));
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

std::vector<RunFinding> alarmsOf(const RunLog& log, const ComponentDescription& method)
{
    std::vector<RunFinding> alarms = findingsOf(log, method);
    std::erase_if(alarms, [](const RunFinding& finding) { return !finding.isAlarm(); });
    return alarms;
}

std::string_view runFindingId(RunFinding::Kind kind)
{
    switch (kind) {
    case RunFinding::Kind::ReferenceAgrees:
        return "reference-agrees";
    case RunFinding::Kind::ReferenceDiffers:
        return "reference-differs";
    case RunFinding::Kind::ChosenFalls:
        return "chosen-falls";
    case RunFinding::Kind::HeldOutChosenFalls:
        return "held-out-chosen-falls";
    case RunFinding::Kind::PreferenceIsWeak:
        return "preference-is-weak";
    case RunFinding::Kind::LossDiverges:
        return "loss-diverges";
    case RunFinding::Kind::HeldOutDiverges:
        return "held-out-diverges";
    }
    return {};
}

std::string findingText(const RunFinding& finding)
{
    const std::string from = std::to_string(finding.from);
    const auto rounded = [](double value) { return figure(value, std::chars_format::general, 3); };
    switch (finding.kind) {
    case RunFinding::Kind::ReferenceAgrees:
        return "Before the first update, at step " + from + ", all rewards were 0: model and reference agree.";
    case RunFinding::Kind::ReferenceDiffers:
        return "Before the first update, at step " + from + ", rewards were as large as " + rounded(finding.value) +
               " instead of 0: the model differs from its reference before training.";
    case RunFinding::Kind::ChosenFalls:
        return "Chosen answers are getting less likely: their reward fell by " + rounded(finding.value) +
               " since step " + from +
               ", while the margin of rewards still grows. Check that sample answers still read well; a smaller "
               "learning rate or a larger beta holds them.";
    case RunFinding::Kind::HeldOutChosenFalls:
        return "Held-out chosen answers are getting less likely: by " + rounded(finding.value) +
               " nats per token since step " + from +
               ", while their margin still grows. Check that sample answers still read well; a smaller learning rate "
               "holds them.";
    case RunFinding::Kind::PreferenceIsWeak:
        return "The preference makes up " + figure(100.0 * finding.value, std::chars_format::fixed, 1) +
               " % of the loss; the rest is plain training on chosen answers. A larger lambda weighs it more.";
    case RunFinding::Kind::LossDiverges:
        return "Training diverges: the loss of the last " + std::to_string(kRecentLosses) + " steps is " +
               rounded(finding.value) + " on average and was " + rounded(finding.start) + " at step " + from +
               ". Take a learning rate a tenth as large.";
    case RunFinding::Kind::HeldOutDiverges:
        return "Training makes the model worse: held-out chosen answers cost " + rounded(finding.value) +
               " nats per token at step " + std::to_string(finding.to) + ", and " + rounded(finding.start) +
               " before training. Take a learning rate a tenth as large, or fewer epochs.";
    }
    return {};
}

}  // namespace preflab
