// SPDX-License-Identifier: GPL-3.0-or-later
// Which numbers stand on a step's line, and how happenings read.
#include "app/cli/run_printer.h"

#include "app/cli/text_table.h"
#include "core/base/system.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace preflab {

namespace {

// Shown on a step's line where the method logs them, under TRL's names, at most kShown of them.
constexpr std::string_view kStepMetrics[] = {
    "loss", "nll_loss", "log_odds_chosen", "rewards/margins", "rewards/accuracies", "mean_token_accuracy", "grad_norm"};
constexpr std::size_t kShown = 4;
// A long run prints about this many step lines.
constexpr std::int64_t kLines = 40;
// The phase whose total is the number of steps.
constexpr std::string_view kTrainingPhase = "Training";

bool isHeldOut(std::string_view name)
{
    return name.starts_with("heldout/");
}

std::int64_t lineInterval(std::int64_t total)
{
    for (std::int64_t decade = 1; decade <= total; decade *= 10)
        for (const std::int64_t interval : {decade, 2 * decade, 5 * decade})
            if (total <= interval * kLines) return interval;
    return 1;
}

bool isWorthALine(std::int64_t step, std::int64_t total)
{
    return step == 1 || step == total || step % lineInterval(total) == 0;
}

std::string heldOutLine(const MetricRow& row, const std::vector<std::string>& names)
{
    std::string line;
    for (const Metric& metric : row.values)
        if (isHeldOut(names[metric.name]))
            line += "  " + names[metric.name].substr(std::strlen("heldout/")) + " " + numberText(metric.value);
    return line;
}

}  // namespace

Json numberJson(double value)
{
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

void RunPrinter::print(const RunNews& news, const RunLog& log)
{
    // By step, so that what happened at a step follows its numbers.
    std::size_t next = 0;
    for (const MetricRow& row : news.metrics) {
        while (next < news.events.size() && news.events[next].step < row.step) printEvent(news.events[next++]);
        printRow(row, log);
    }
    while (next < news.events.size()) printEvent(news.events[next++]);
}

void RunPrinter::printRow(const MetricRow& row, const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    if (m_console.isJson()) return sendRow(row, names);
    const RunProgress progress = log.progress();
    if (progress.phase == kTrainingPhase) m_totalSteps = progress.total;
    const std::string step = "step " + std::to_string(row.step);
    if (row.step > 0 && isWorthALine(row.step, m_totalSteps)) {
        std::string line = step + std::string(step.size() < 10 ? 10 - step.size() : 1, ' ');
        std::size_t shown = 0;
        for (const std::string_view wanted : kStepMetrics) {
            for (const Metric& metric : row.values) {
                if (names[metric.name] != wanted || shown == kShown) continue;
                line += "  " + std::string(wanted) + " " + numberText(metric.value);
                ++shown;
            }
        }
        if (shown > 0) m_console.line(line + "  (" + durationText(row.seconds) + ")");
    }
    const std::string heldOut = heldOutLine(row, names);
    if (!heldOut.empty()) m_console.line((row.step == 0 ? "before" : step) + ", held out:" + heldOut);
}

void RunPrinter::sendRow(const MetricRow& row, const std::vector<std::string>& names)
{
    Json metrics = Json::object();
    for (const Metric& metric : row.values) metrics[names[metric.name]] = numberJson(metric.value);
    m_console.event(
        {{"event", "step"}, {"run", m_run}, {"step", row.step}, {"seconds", row.seconds}, {"metrics", metrics}});
}

void RunPrinter::printEvent(const RunEvent& event)
{
    // The outcome is said once, last, by whoever ran the run.
    if (event.kind == RunEvent::Kind::End) return;
    if (m_console.isJson()) {
        Json object{{"event", std::string(runEventKindId(event.kind))},
                    {"run", m_run},
                    {"time", event.time},
                    {"step", event.step},
                    {"text", event.text}};
        if (!event.data.is_null()) object["data"] = event.data;
        return m_console.event(object);
    }
    switch (event.kind) {
    case RunEvent::Kind::Warning:
        return m_console.line("warning: " + event.text);
    case RunEvent::Kind::Note:
        return m_console.line(event.text);
    case RunEvent::Kind::Checkpoint:
        return m_console.line("saved " + event.text);
    default:
        return;  // phases are the progress bar's, samples are shown together at the end
    }
}

Json findingJson(const RunFinding& finding)
{
    return {{"kind", runFindingId(finding.kind)},
            {"is_alarm", finding.isAlarm()},
            {"from", finding.from},
            {"to", finding.to},
            {"value", numberJson(finding.value)},
            {"text", findingText(finding)}};
}

void printFindings(Console& console, const std::string& run, const RunLog& log, const ComponentDescription& method)
{
    for (const RunFinding& finding : findingsOf(log, method)) {
        console.line((finding.isAlarm() ? "alarm: " : "note: ") + findingText(finding));
        Json event = findingJson(finding);
        event["event"] = "finding";
        event["run"] = run;
        console.event(event);
    }
}

}  // namespace preflab
