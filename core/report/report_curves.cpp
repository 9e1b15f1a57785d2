// SPDX-License-Identifier: GPL-3.0-or-later
// Which curves a report shows.
#include "core/report/report_curves.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace preflab {

namespace {

/// A chart of one metric, or of chosen and rejected together.
struct CurveInfo {
    std::string_view metric;
    std::string_view rejectedMetric;  ///< empty: one metric
    std::string_view title;           ///< empty: the metric's own
    std::string_view sentence;
    std::optional<double> reference = {};
    std::string_view referenceText = {};
};

const CurveInfo kHeldOut[] = {
    {"heldout/accuracy_sum", "", "",
     "How often the whole chosen answer is the more probable one. Short answers have an advantage here.", 0.5,
     "50 %: coin flip"},
    {"heldout/accuracy_mean", "", "",
     "The same per token, so that length does not decide. Where the two accuracies part, length plays a role.", 0.5,
     "50 %: coin flip"},
    {"heldout/margin_mean", "", "",
     "How much more probable, per token, chosen answers are than rejected ones. It should rise and level off.", 0.0,
     "0: no preference"},
    {"heldout/nll_chosen", "", "",
     "Lower means that the model would rather write the chosen answers. ORPO trains this directly, DPO does not and "
     "may let it rise."},
    {"heldout/drift_chosen", "", "",
     "Above 0 chosen answers became more probable than at the start, below 0 less. A deep fall costs fluency.", 0.0,
     "0: as at the start"},
    {"heldout/drift_rejected", "", "",
     "Same axis as beside. Rejected answers should fall below chosen ones; the gap is what training added.", 0.0,
     "0: as at the start"},
};

const CurveInfo kTraining[] = {
    {"rewards/margins", "", "",
     "Rises when chosen answers gain on rejected ones, whatever happens to either alone. A held-out curve that stays "
     "behind means that pairs are being memorised.",
     0.0, "0: no gain"},
    {"logps/chosen", "logps/rejected", "Log-prob of the answers",
     "Look at the gap. Both may fall while the margin grows, because a preference only asks for the distance between "
     "them; if chosen falls steadily, read the sample answers."},
    {"rewards/accuracies", "", "",
     "Share of the batch's pairs in the right order. Small batches make it jump; trust the held-out accuracy.", 0.5,
     "50 %: coin flip"},
    {"log_odds_chosen", "", "",
     "Above 0 chosen answers have the better odds. The preference term pushes this up and fades as it grows.", 0.0,
     "0: even odds"},
    {"nll_loss", "", "", "The plain-training part of the loss: falls as the model learns to write the chosen answers."},
};

const CurveInfo kTokenAccuracy{"mean_token_accuracy", "", "",
                               "Share of tokens that were the model's first guess. It rises while the loss falls."};

Chart chartOf(const CurveInfo& info, const MetricDescription& description)
{
    Chart chart;
    chart.title = info.title.empty() ? description.title : std::string(info.title);
    chart.unit = description.unit;
    chart.sentence = info.sentence;
    if (info.reference) chart.reference = ChartReference{*info.reference, std::string(info.referenceText)};
    return chart;
}

ChartSeries seriesOf(const ReportedRun& run, const std::string& label, std::string_view metric)
{
    return {.label = label, .style = run.style, .points = run.points(metric)};
}

/// Training curve, and the held-out one where it was evaluated.
void addRun(Chart& chart, const ReportedRun& run, std::string_view metric, bool isAlone)
{
    chart.series.push_back(seriesOf(run, isAlone ? "training" : run.label, metric));
    if (!isAlone) return;
    chart.series.back().isSolid = true;
    ChartSeries heldOut = seriesOf(run, "held-out", "eval_" + std::string(metric));
    heldOut.isMeasured = true;
    heldOut.isHeldOut = true;
    if (!heldOut.points.empty())
        chart.series.push_back(std::move(heldOut));
    else
        chart.series.back().label = run.label;
}

/// Chosen and rejected in their own colours. Only of one run: two curves each of several would be a tangle, and their
/// gap is in the chart of margins.
void addSides(Chart& chart, const ReportedRun& run, const CurveInfo& info)
{
    chart.series.push_back({.label = "chosen", .style = "chosen", .points = run.points(info.metric)});
    chart.series.push_back({.label = "rejected", .style = "rejected", .points = run.points(info.rejectedMetric)});
}

bool hasPoints(const Chart& chart)
{
    return std::any_of(chart.series.begin(), chart.series.end(), [](const auto& s) { return !s.points.empty(); });
}

std::string lossSentence(const std::vector<ReportedRun>& runs, bool startsAtLn2)
{
    if (startsAtLn2)
        return "Starts at ln 2, since the model is its own reference, and falls as the margin grows. A held-out loss "
               "that turns up again means overfitting.";
    if (!runs.front().points("nll_loss").empty())
        return "Plain training on chosen answers plus lambda times the preference term. The charts of log-odds and NLL "
               "show which of the two moves it.";
    return "What is minimised; it should fall and level off.";
}

Chart lossChart(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    Chart chart = chartOf({"loss", "", "", ""}, describe(input, "loss", &runs.front()));
    if (chart.title == "loss") chart.title = "Loss";
    for (const ReportedRun& run : runs) addRun(chart, run, "loss", runs.size() == 1);
    const bool startsAtLn2 =
        hasPoints(chart) && std::all_of(chart.series.begin(), chart.series.end(), [](const auto& s) {
            return s.points.empty() || std::abs(s.points.front().y - std::numbers::ln2) < 1e-3;
        });
    if (startsAtLn2) chart.reference = ChartReference{std::numbers::ln2, "ln 2: no preference learned"};
    chart.sentence = lossSentence(runs, startsAtLn2);
    return chart;
}

/// Puts two neighbouring charts on one axis.
void shareRange(Chart& left, Chart& right)
{
    const ChartPoint a = valueRange(left);
    const ChartPoint b = valueRange(right);
    const ChartPoint both{std::min(a.x, b.x), std::max(a.y, b.y)};
    left.range = both;
    right.range = both;
}

/// Where all runs start from one value, that value is worth a line.
void addCommonStart(Chart& chart)
{
    const auto& points = chart.series.front().points;
    const bool isCommon = !points.empty() && std::all_of(chart.series.begin(), chart.series.end(), [&](const auto& s) {
        return !s.points.empty() && std::abs(s.points.front().y - points.front().y) < 1e-6;
    });
    if (isCommon && !chart.reference) chart.reference = ChartReference{points.front().y, "as at the start"};
}

}  // namespace

std::vector<Chart> heldOutCharts(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    std::vector<Chart> charts;
    for (const CurveInfo& info : kHeldOut) {
        Chart chart = chartOf(info, describe(input, info.metric));
        for (const ReportedRun& run : runs) {
            chart.series.push_back(seriesOf(run, run.label, info.metric));
            chart.series.back().isMeasured = true;
        }
        if (!hasPoints(chart)) return {};
        addCommonStart(chart);
        charts.push_back(std::move(chart));
    }
    shareRange(charts[0], charts[1]);
    shareRange(charts[4], charts[5]);
    return charts;
}

std::vector<Chart> trainingCharts(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    std::vector<Chart> charts;
    const auto add = [&charts](Chart chart) {
        if (hasPoints(chart)) charts.push_back(std::move(chart));
    };
    add(lossChart(input, runs));
    for (const CurveInfo& info : kTraining) {
        Chart chart = chartOf(info, describe(input, info.metric, &runs.front()));
        if (info.rejectedMetric.empty()) {
            for (const ReportedRun& run : runs) addRun(chart, run, info.metric, runs.size() == 1);
        } else if (runs.size() == 1) {
            addSides(chart, runs.front(), info);
        }
        add(std::move(chart));
    }
    if (charts.size() < 2) {
        Chart chart = chartOf(kTokenAccuracy, describe(input, kTokenAccuracy.metric, &runs.front()));
        for (const ReportedRun& run : runs) addRun(chart, run, kTokenAccuracy.metric, runs.size() == 1);
        add(std::move(chart));
    }
    return charts;
}

}  // namespace preflab
