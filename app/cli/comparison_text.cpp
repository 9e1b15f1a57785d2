// SPDX-License-Identifier: GPL-3.0-or-later
// A table of held-out numbers, and a word on what makes the comparison unfair.
#include "app/cli/comparison_text.h"

#include "app/cli/summary_text.h"
#include "app/cli/text_table.h"
#include "core/runs/comparison.h"

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

TextTable comparisonTable(const std::vector<ComparedRun>& runs, const Comparison& comparison)
{
    std::vector<std::string> header{"held out", "start"};
    for (const ComparedRun& run : runs) header.push_back(run.record.method + " #" + std::to_string(run.record.number));
    TextTable table(std::move(header));
    for (const ComparedMetric& metric : comparison.heldOut) {
        std::vector<std::string> cells{metric.metric.key, "-"};
        for (const std::optional<BeforeAfter>& value : metric.values) {
            if (value && cells[1] == "-") cells[1] = numberText(value->before);
            cells.push_back(value ? numberText(value->after) : "-");
        }
        table.add(std::move(cells));
    }
    return table;
}

Json comparisonJson(const std::vector<ComparedRun>& runs, const Comparison& comparison)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < runs.size(); ++i) {
        Json metrics = Json::object();
        for (const ComparedMetric& metric : comparison.heldOut) {
            const std::optional<BeforeAfter>& value = metric.values[i];
            if (value)
                metrics[metric.metric.key] = {
                    {"before", value->before}, {"after", value->after}, {"after_step", value->afterStep}};
        }
        const RunRecord& record = runs[i].record;
        list.push_back({{"run", record.id},
                        {"name", record.name},
                        {"method", record.method},
                        {"outcome", record.outcome},
                        {"steps", record.steps},
                        {"heldout", metrics}});
    }
    return {{"event", "comparison"}, {"runs", list}, {"differing", comparison.unmatched}};
}

void printFairness(Console& console, const Comparison& comparison)
{
    if (comparison.isMatched()) {
        console.line("A matched pair: same starting model, data, held-out pairs, rows, seed and number of steps.");
        return;
    }
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
                     run.record.outcome + " after " + std::to_string(run.record.steps) + " steps");
    printFairness(console, comparison);
    console.line();
    const TextTable table = comparisonTable(runs, comparison);
    if (table.isEmpty()) {
        console.line("None of these runs has held-out pairs; train with --eval-data or --eval-fraction.");
    } else {
        console.text(table.text());
        console.line(heldOutLegend());
    }
    return {};
}

}  // namespace preflab
