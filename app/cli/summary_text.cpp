// SPDX-License-Identifier: GPL-3.0-or-later
// Writes down what a finished log says.
#include "app/cli/summary_text.h"

#include "core/runs/sample_answers.h"

namespace preflab {

TextTable heldOutTable(const std::vector<BeforeAfter>& rows)
{
    const std::string after = rows.empty() ? "after" : "step " + std::to_string(rows.front().afterStep);
    TextTable table({"held out", "before", after, "change"});
    for (const BeforeAfter& row : rows)
        table.add({row.metric, numberText(row.before), numberText(row.after),
                   numberText(row.after - row.before, Sign::Always)});
    return table;
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
