// SPDX-License-Identifier: GPL-3.0-or-later
// Writes down what a finished log and counts of rows say.
#include "app/cli/summary_text.h"

#include "app/cli/run_printer.h"
#include "core/base/system.h"
#include "core/runs/sample_answers.h"

#include <algorithm>

namespace preflab {

TextTable heldOutTable(const std::vector<BeforeAfter>& rows)
{
    const bool isMeasured = std::any_of(rows.begin(), rows.end(), [](const BeforeAfter& row) { return row.after; });
    const std::string after = isMeasured ? "step " + std::to_string(rows.front().afterStep) : "after";
    TextTable table({"held out", "before", after, "change"});
    for (const BeforeAfter& row : rows)
        table.add({row.metric, numberText(row.before), row.after ? numberText(*row.after) : "not measured",
                   row.after ? numberText(*row.after - row.before, Sign::Always) : "-"});
    return table;
}

std::string heldOutLegend(const std::vector<std::string>& metrics)
{
    const auto isOfPairs = [](const std::string& metric) { return metric.starts_with("heldout/"); };
    std::string text;
    if (std::ranges::any_of(metrics, isOfPairs))
        text =
            "accuracy: share of pairs whose chosen answer is likelier, the whole answer (sum) or per token (mean); a "
            "tie counts half";
    if (std::ranges::all_of(metrics, isOfPairs)) return text;
    return text + (text.empty() ? "" : "\n") +
           "eval_loss: the loss on held-out rows that are no pairs, which have no measures of preference";
}

std::string heldOutLegend(const std::vector<BeforeAfter>& rows)
{
    std::vector<std::string> metrics;
    for (const BeforeAfter& row : rows) metrics.push_back(row.metric);
    return heldOutLegend(metrics);
}

Json afterJson(const BeforeAfter& row)
{
    return row.after ? numberJson(*row.after) : Json();
}

Json summaryJson(const RunLog& log)
{
    Json heldOut = Json::object();
    for (const BeforeAfter& row : heldOutBeforeAfter(log))
        heldOut[row.metric] = {{"before", numberJson(row.before)}, {"after", afterJson(row)}};
    Json samples = Json::array();
    for (const SampleAnswer& sample : samplesOf(log))
        samples.push_back({{"when", sample.when}, {"prompt", sample.prompt}, {"answer", sample.answer}});
    return {{"heldout", heldOut}, {"samples", samples}};
}

void printSamples(Console& console, const RunLog& log)
{
    for (const SampleAnswer& sample : samplesOf(log)) {
        console.line();
        console.text(indented("asked", sample.prompt));
        console.text(indented(sample.when, sample.answer));
    }
}

std::string leftOutEnding(const RowCounts& counts)
{
    const std::string rows = leftOutText(counts);
    const std::string parts = unrenderedText(counts);
    return (rows.empty() ? "" : "; left out: " + rows) +
           (counts.shortened == 0 ? "" : "; cut at the maximum length: " + countText(counts.shortened)) +
           (parts.empty() ? "" : "; not read by the model: " + parts);
}

void addLeftOut(Json& object, const RowCounts& counts)
{
    Json because = Json::object();
    const auto add = [&because](const char* reason, std::uint64_t rows) {
        if (rows > 0) because[reason] = rows;
    };
    add("unreadable", counts.unreadable);
    add("excluded", counts.excluded);
    add("unmatched", counts.unmatched);
    for (const auto& [reason, rows] : counts.dropped) because[std::string(dropReasonText(reason))] = rows;
    object["left_out"] = counts.leftOut();
    object["left_out_because"] = because;
    Json parts = counts.messageKeys;
    if (counts.hasToolsColumn) parts["tools"] = "column";
    object["not_rendered"] = parts;
    object["shortened"] = counts.shortened;
    Json found = Json::object();
    for (const DataDoubt& doubt : counts.doubts) found[std::string(findingId(doubt.kind))] = doubt.rows;
    object["found"] = found;
}

void printDoubts(Console& console, const RowCounts& counts)
{
    for (const std::string& note : counts.editNotes) console.remark(note);
    for (const DataDoubt& doubt : counts.doubts) console.remark("warning: " + doubt.text);
}

}  // namespace preflab
