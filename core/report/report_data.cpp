// SPDX-License-Identifier: GPL-3.0-or-later
// Runs as reports look at them.
#include "core/report/report_data.h"

#include "core/runs/run_findings.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace preflab {

namespace {

void readEvents(ReportedRun& view, const std::vector<RunEvent>& events)
{
    for (const RunEvent& event : events) {
        switch (event.kind) {
        case RunEvent::Kind::Note:
            view.notes.push_back(event.text);
            if (event.data.is_object() && event.data.contains("pairs")) view.counts = event.data;
            break;
        case RunEvent::Kind::Warning:
            view.warnings.push_back(event.text);
            break;
        default:
            break;
        }
    }
}

ReportedRun viewOf(const ComparedRun& run)
{
    ReportedRun view;
    view.record = run.record;
    view.method = run.method;
    view.log = run.log;
    view.params = completedParams(run);
    view.defaults = completeParams({}, run.method.id, run.method.params, run.method.defaults).value_or(ParamValues{});
    RunCursor cursor;
    const RunNews news = run.log->news(cursor);
    readEvents(view, news.events);
    view.samples = samplesOf(*run.log);
    for (const RunFinding& alarm : alarmsOf(*run.log, run.method)) view.alarms.push_back(findingText(alarm));
    for (const MetricRow& row : news.metrics) {
        view.seconds = std::max(view.seconds, row.seconds);
        view.lastStep = std::max(view.lastStep, row.step);
    }
    return view;
}

std::string methodTitle(const ReportedRun& view)
{
    return view.method.title.empty() ? view.record.method : view.method.title;
}

}  // namespace

ChartPoints ReportedRun::points(std::string_view metric) const
{
    ChartPoints result;
    for (const auto& [step, value] : log->series(metric)) {
        if (std::isfinite(value)) result.push_back({static_cast<double>(step), value});
    }
    return result;
}

std::vector<ReportedRun> reportedRuns(const ReportInput& input)
{
    std::vector<ReportedRun> views;
    std::map<std::string, int> titles;
    std::map<std::string, int> names;
    for (const ComparedRun& run : input.runs) {
        views.push_back(viewOf(run));
        views.back().style = "series-" + std::to_string(views.size());
        ++titles[methodTitle(views.back())];
        ++names[run.record.name];
    }
    for (ReportedRun& view : views) {
        const bool hasOwnName = !view.record.name.empty() && names[view.record.name] == 1;
        view.label = titles[methodTitle(view)] == 1 ? methodTitle(view)
                     : hasOwnName                   ? view.record.name
                                                    : view.record.id;
    }
    return views;
}

MetricDescription describe(const ReportInput& input, std::string_view metric, const ReportedRun* run)
{
    std::vector<const std::vector<MetricDescription>*> lists;
    if (run) lists.push_back(&run->method.metrics);
    for (const ComparedRun& other : input.runs) lists.push_back(&other.method.metrics);
    lists.push_back(&input.heldOutMetrics);
    for (const auto* list : lists) {
        const auto found =
            std::find_if(list->begin(), list->end(), [metric](const auto& entry) { return entry.key == metric; });
        if (found != list->end()) return *found;
    }
    return {std::string(metric), std::string(metric), "", "", false};
}

bool areMatched(const ReportInput& input)
{
    return input.runs.size() > 1 && unmatchedConditions(input.runs).empty() && unjudgedRuns(input.runs).empty();
}

bool arePairs(const ReportedRun& run)
{
    return !run.counts.is_object() || run.counts.value("is_pairs", true);
}

const ParamSpec* paramSpec(const ReportedRun& run, std::string_view key)
{
    const ParamSpec* own = findParam(run.method.params, key);
    return own ? own : findParam(trainingParams(), key);
}

}  // namespace preflab
