// SPDX-License-Identifier: GPL-3.0-or-later
// A table of held-out numbers, and a word on what makes the comparison unfair.
#include "app/cli/comparison_text.h"

#include "app/cli/run_printer.h"
#include "app/cli/summary_text.h"
#include "app/cli/text_table.h"
#include "core/base/system.h"
#include "core/runs/comparison.h"
#include "core/runs/held_out_use.h"

#include <algorithm>
#include <memory>

namespace preflab {

namespace {

Result<std::vector<ComparedRun>> loadRuns(Context& context, RunStore& store, const std::vector<std::string>& names)
{
    std::vector<ComparedRun> runs;
    for (const std::string& name : names) {
        TRY(RunRecord record, store.find(name));
        TRY(const std::shared_ptr<RunLog> log, store.load(record.id));
        ComponentDescription method = methodOrUnknown(context.backend, record.method);
        runs.push_back({std::move(record), log, std::move(method)});
    }
    return runs;
}

/// Where the runs that have this metric started, if all of them did so at the same value.
std::optional<std::string> commonStart(const ComparedMetric& metric)
{
    std::optional<std::string> start;
    for (const std::optional<BeforeAfter>& value : metric.values) {
        if (!value) continue;
        const std::string text = numberText(value->before);
        if (start.value_or(text) != text) return std::nullopt;
        start = text;
    }
    return start;
}

/// The last step that a run took, or logged so far.
std::int64_t lastStepOf(const ComparedRun& run)
{
    return std::max(run.record.steps, run.log ? summarize(*run.log).lastStep : 0);
}

/// "dpo #1", with the step of the last measurement where the run went further, or another run was measured at another one.
std::string columnTitle(const ComparedRun& run, const Comparison& comparison, std::size_t index)
{
    const std::string title = run.record.method + " #" + std::to_string(run.record.number);
    std::optional<std::int64_t> own;
    bool isSame = true;
    for (const ComparedMetric& metric : comparison.heldOut) {
        for (const std::optional<BeforeAfter>& value : metric.values)
            isSame = isSame && (!value || !value->after || !metric.values[index] ||
                                value->afterStep == metric.values[index]->afterStep);
        if (metric.values[index] && metric.values[index]->after) own = metric.values[index]->afterStep;
    }
    if (!own || (isSame && *own == lastStepOf(run))) return title;
    return title + " at step " + std::to_string(*own);
}

TextTable comparisonTable(const std::vector<ComparedRun>& runs, const Comparison& comparison)
{
    const bool isStartShared =
        std::all_of(comparison.heldOut.begin(), comparison.heldOut.end(),
                    [](const ComparedMetric& metric) { return commonStart(metric).has_value(); });
    std::vector<std::string> header{"held out"};
    if (isStartShared) header.emplace_back("start");
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!isStartShared) header.push_back("start #" + std::to_string(runs[i].record.number));
        header.push_back(columnTitle(runs[i], comparison, i));
    }
    TextTable table(std::move(header));
    for (const ComparedMetric& metric : comparison.heldOut) {
        std::vector<std::string> cells{metric.metric.key};
        if (isStartShared) cells.push_back(*commonStart(metric));
        for (const std::optional<BeforeAfter>& value : metric.values) {
            if (!isStartShared) cells.push_back(value ? numberText(value->before) : "-");
            cells.push_back(!value ? "-" : value->after ? numberText(*value->after) : "not measured");
        }
        table.add(std::move(cells));
    }
    return table;
}

Json alarmsJson(const ComparedRun& run)
{
    Json alarms = Json::array();
    for (const RunFinding& alarm : alarmsOf(*run.log, run.method)) alarms.push_back(findingJson(alarm));
    return alarms;
}

Json comparisonJson(const std::vector<ComparedRun>& runs, const Comparison& comparison)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        Json metrics = Json::object();
        for (const ComparedMetric& metric : comparison.heldOut) {
            const std::optional<BeforeAfter>& value = metric.values[i];
            if (value)
                metrics[metric.metric.key] = {{"before", numberJson(value->before)},
                                              {"after", afterJson(*value)},
                                              {"before_step", value->beforeStep},
                                              {"after_step", value->after ? Json(value->afterStep) : Json()}};
        }
        const RunRecord& record = runs[i].record;
        list.push_back({{"run", record.id},
                        {"name", record.name},
                        {"method", record.method},
                        {"outcome", record.outcome},
                        {"steps", record.steps},
                        {"alarms", alarmsJson(runs[i])},
                        {"heldout", metrics}});
    }
    const HeldOutUse use = heldOutUse(runs);
    const auto idsOf = [&runs](const std::vector<std::size_t>& indices) {
        Json ids = Json::array();
        for (const std::size_t i : indices) ids.push_back(runs[i].record.id);
        return ids;
    };
    Json unjudged = Json::array();
    for (const Unjudged& one : comparison.unjudged) unjudged.push_back(unjudgedText(one, runs));
    return {{"event", "comparison"},
            {"runs", list},
            {"is_matched", comparison.isMatched()},
            {"unjudged", std::move(unjudged)},
            {"differing", comparison.unmatched},
            // An empty list would say that no run was.
            {"trained_on_held_out", use.trained.empty() && !use.unknown.empty() ? Json() : idsOf(use.trained)},
            {"maybe_trained_on_held_out", idsOf(use.unknown)}};
}

void printFairness(Console& console, const std::vector<ComparedRun>& runs, const Comparison& comparison)
{
    if (comparison.isMatched()) {
        console.line("Matched: same starting model, data, held-out data, rows, seed and number of steps.");
        return;
    }
    for (const Unjudged& unjudged : comparison.unjudged) console.line(unjudgedText(unjudged, runs));
    if (comparison.unmatched.empty()) return;
    std::string text;
    for (const std::string& name : comparison.unmatched) text += (text.empty() ? "" : ", ") + name;
    console.line("Compare with care, these differ: " + text + ".");
}

}  // namespace

Result<> printComparison(Context& context, Project& project, const std::vector<std::string>& names)
{
    RunStore store(project);
    TRY(const std::vector<ComparedRun> runs, loadRuns(context, store, names));
    const Comparison comparison = compareRuns(runs);
    Console& console = context.console;
    console.event(comparisonJson(runs, comparison));
    for (const ComparedRun& run : runs)
        console.line("#" + std::to_string(run.record.number) + "  " + run.record.id + ", " + run.record.method + ", " +
                     run.record.outcome + " after " + amountText(static_cast<std::uint64_t>(run.record.steps), "step"));
    for (const ComparedRun& run : runs)
        for (const RunFinding& alarm : alarmsOf(*run.log, run.method))
            console.line("alarm of run " + std::to_string(run.record.number) + ": " + findingText(alarm));
    printFairness(console, runs, comparison);
    console.line();
    const TextTable table = comparisonTable(runs, comparison);
    if (table.isEmpty()) {
        console.line("None of these runs has held-out figures; train with --eval-data or --eval-fraction.");
    } else {
        console.text(table.text());
        console.line(heldOutText(runs));
        std::vector<std::string> metrics;
        for (const ComparedMetric& metric : comparison.heldOut) metrics.push_back(metric.metric.key);
        console.line(heldOutLegend(metrics));
    }
    return {};
}

}  // namespace preflab
