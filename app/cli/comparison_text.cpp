// SPDX-License-Identifier: GPL-3.0-or-later
// A table of held-out numbers, and a word on what makes the comparison unfair.
#include "app/cli/comparison_text.h"

#include "app/cli/summary_text.h"
#include "core/runs/run_store.h"

#include <algorithm>
#include <memory>

namespace preflab {

namespace {

struct ComparedRun {
    RunRecord record;
    std::shared_ptr<RunLog> log;
    std::vector<BeforeAfter> heldOut;
};

Result<std::vector<ComparedRun>> loadRuns(RunStore& store, const std::vector<std::string>& names)
{
    std::vector<ComparedRun> runs;
    for (const std::string& name : names) {
        TRY(RunRecord record, store.find(name));
        TRY(std::shared_ptr<RunLog> log, store.load(record.id));
        std::vector<BeforeAfter> heldOut = heldOutBeforeAfter(*log);
        runs.push_back({std::move(record), std::move(log), std::move(heldOut)});
    }
    return runs;
}

// A setting that has to be the same for a fair comparison, as text.
struct Condition {
    const char* name;
    std::string (*of)(const RunRecord& record);
};

std::string paramText(const RunRecord& record, const char* key)
{
    const auto given = record.spec.params.find(key);
    return given == record.spec.params.end() ? "default" : toText(given->second);
}

const Condition kConditions[] = {
    {"starting model", [](const RunRecord& record) { return record.modelHash; }},
    {"training data", [](const RunRecord& record) { return record.dataHash; }},
    {"held-out data", [](const RunRecord& record) {
         return record.spec.evalData ? record.spec.evalData->string() : paramText(record, "eval_fraction");
     }},
    {"number of steps", [](const RunRecord& record) { return std::to_string(record.steps); }},
    {"batch size", [](const RunRecord& record) { return paramText(record, "per_device_train_batch_size"); }},
    {"seed", [](const RunRecord& record) { return paramText(record, "seed"); }},
    {"rows allowed", [](const RunRecord& record) {
         std::string text;
         for (const std::string& recipe : record.spec.usableBy) text += recipe + " ";
         return text;
     }},
};

std::vector<std::string> differingConditions(const std::vector<ComparedRun>& runs)
{
    std::vector<std::string> names;
    for (const Condition& condition : kConditions) {
        const std::string first = condition.of(runs.front().record);
        const bool isShared = std::all_of(runs.begin(), runs.end(), [&](const ComparedRun& run) {
            return condition.of(run.record) == first;
        });
        if (!isShared) names.emplace_back(condition.name);
    }
    return names;
}

const BeforeAfter* findMetric(const ComparedRun& run, const std::string& metric)
{
    const auto found = std::find_if(run.heldOut.begin(), run.heldOut.end(),
                                    [&](const BeforeAfter& row) { return row.metric == metric; });
    return found == run.heldOut.end() ? nullptr : &*found;
}

// Every metric that any of the runs has, in order of first appearance.
std::vector<std::string> metricsOf(const std::vector<ComparedRun>& runs)
{
    std::vector<std::string> metrics;
    for (const ComparedRun& run : runs)
        for (const BeforeAfter& row : run.heldOut)
            if (std::find(metrics.begin(), metrics.end(), row.metric) == metrics.end()) metrics.push_back(row.metric);
    return metrics;
}

TextTable comparisonTable(const std::vector<ComparedRun>& runs)
{
    std::vector<std::string> header{"held out", "start"};
    for (const ComparedRun& run : runs) header.push_back(run.record.method + " #" + std::to_string(run.record.number));
    TextTable table(std::move(header));
    for (const std::string& metric : metricsOf(runs)) {
        std::vector<std::string> cells{metric, "-"};
        for (const ComparedRun& run : runs) {
            const BeforeAfter* row = findMetric(run, metric);
            if (row != nullptr && cells[1] == "-") cells[1] = numberText(row->before);
            cells.push_back(row == nullptr ? "-" : numberText(row->after));
        }
        table.add(std::move(cells));
    }
    return table;
}

Json comparisonJson(const std::vector<ComparedRun>& runs, const std::vector<std::string>& differing)
{
    Json list = Json::array();
    for (const ComparedRun& run : runs) {
        Json metrics = Json::object();
        for (const BeforeAfter& row : run.heldOut)
            metrics[row.metric] = {{"before", row.before}, {"after", row.after}, {"after_step", row.afterStep}};
        list.push_back({{"run", run.record.id},
                        {"name", run.record.name},
                        {"method", run.record.method},
                        {"outcome", run.record.outcome},
                        {"steps", run.record.steps},
                        {"heldout", metrics}});
    }
    return {{"event", "comparison"}, {"runs", list}, {"differing", differing}};
}

void printFairness(Console& console, const std::vector<std::string>& differing)
{
    if (differing.empty()) {
        console.line("A matched pair: same starting model, data, held-out pairs, rows, seed and number of steps.");
        return;
    }
    std::string text;
    for (const std::string& name : differing) text += (text.empty() ? "" : ", ") + name;
    console.line("Compare with care, these differ: " + text + ".");
}

}  // namespace

Result<> printComparison(Context& context, Project& project, const std::vector<std::string>& names)
{
    RunStore store(project);
    TRY(const std::vector<ComparedRun> runs, loadRuns(store, names));
    const std::vector<std::string> differing = differingConditions(runs);
    Console& console = context.console;
    console.event(comparisonJson(runs, differing));
    for (const ComparedRun& run : runs)
        console.line("#" + std::to_string(run.record.number) + "  " + run.record.id + ", " + run.record.method + ", "
                     + run.record.outcome + " after " + std::to_string(run.record.steps) + " steps");
    printFairness(console, differing);
    console.line();
    const TextTable table = comparisonTable(runs);
    if (table.isEmpty())
        console.line("None of these runs has held-out pairs; train with --eval-data or --eval-fraction.");
    else
        console.text(table.text());
    return {};
}

}  // namespace preflab
