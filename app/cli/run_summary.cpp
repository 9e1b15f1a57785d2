// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a finished log.
#include "app/cli/run_summary.h"

#include "core/runs/sample_answers.h"

namespace preflab {

std::vector<BeforeAfter> heldOutBeforeAfter(const RunLog& log)
{
    std::vector<BeforeAfter> rows;
    for (const std::string& name : log.metricNames()) {
        if (!name.starts_with("heldout/")) continue;
        const auto series = log.series(name);
        if (series.empty()) continue;
        rows.push_back({name, series.front().second, series.back().second, series.back().first});
    }
    return rows;
}

TextTable heldOutTable(const std::vector<BeforeAfter>& rows)
{
    const std::string after = rows.empty() ? "after" : "step " + std::to_string(rows.front().afterStep);
    TextTable table({"held out", "before", after, "change"});
    for (const BeforeAfter& row : rows)
        table.add({row.metric, numberText(row.before), numberText(row.after),
                   numberText(row.after - row.before, Sign::Always)});
    return table;
}

std::optional<std::string> lastCheckpoint(const RunLog& log)
{
    std::optional<std::string> last;
    RunCursor cursor;
    for (const RunEvent& event : log.news(cursor).events)
        if (event.kind == RunEvent::Kind::Checkpoint) last = event.text;
    return last;
}

Json summaryJson(const RunLog& log)
{
    Json heldOut = Json::object();
    for (const BeforeAfter& row : heldOutBeforeAfter(log))
        heldOut[row.metric] = {{"before", row.before}, {"after", row.after}};
    Json samples = Json::array();
    for (const SampleAnswer& sample : samplesOf(log))
        samples.push_back({{"when", sample.when}, {"prompt", sample.prompt}, {"answer", sample.answer}});
    return {{"heldout", heldOut}, {"samples", samples}};
}

}  // namespace preflab
