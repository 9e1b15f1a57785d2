// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a report's page besides charts: runs and the held-out table.
#include "core/report/report_sections.h"

#include "core/base/system.h"
#include "core/model/model_place.h"
#include "core/report/report_text.h"

#include <algorithm>
#include <cmath>

namespace preflab {

namespace {

constexpr std::string_view kHeldOutMetrics[] = {
    "heldout/accuracy_sum", "heldout/accuracy_mean", "heldout/margin_mean",    "heldout/log_odds",
    "heldout/nll_chosen",   "heldout/drift_chosen",  "heldout/drift_rejected",
};

constexpr std::size_t kLabelCharacters = 20;

std::string fact(const std::string& name, const std::string& value)
{
    return value.empty() ? std::string() : "<dt>" + escapeHtml(name) + "</dt><dd>" + escapeHtml(value) + "</dd>";
}

std::string fileName(const std::filesystem::path& path)
{
    const std::filesystem::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
    return name.empty() ? path.string() : name.string();
}

/// The name in a Hugging Face cache, else the folder with its parent: many model folders are called "model".
std::string modelText(const std::filesystem::path& path)
{
    if (const std::string name = modelName(path); name.find('/') != std::string::npos) return name;
    const std::filesystem::path folder = path.has_filename() ? path : path.parent_path();
    const std::string parent = folder.parent_path().filename().string();
    return parent.empty() ? fileName(path) : parent + "/" + folder.filename().string();
}

/// "2026-03-02 14:05 UTC" of "2026-03-02T14:05:31.120Z".
std::string startedText(std::string created)
{
    if (created.size() < 16) return created;
    created.resize(16);
    created[10] = ' ';
    return created + " UTC";
}

std::uint64_t countIn(const ReportedRun& run, const char* key)
{
    const auto found = run.counts.is_object() ? run.counts.find(key) : run.counts.end();
    return found != run.counts.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// "374 trained on, 67 held out, 6 left out"; empty where that is not known.
std::string rowsText(const ReportedRun& run)
{
    const std::uint64_t used = countIn(run, "pairs");
    const std::uint64_t dropped = countIn(run, "dropped");
    const std::uint64_t heldOut = countIn(run, "held_out");
    if (used == 0) return {};
    std::string text = countText(used) + " trained on";
    if (heldOut > 0) text += ", " + countText(heldOut) + " held out";
    return dropped > 0 ? text + ", " + countText(dropped) + " left out" : text;
}

std::string outcomeBadge(const RunRecord& record)
{
    const std::string tone = record.outcome == "finished"  ? "ok"
                             : record.outcome == "failed"  ? "danger"
                             : record.outcome == "running" ? ""
                                                           : "warning";
    return "<span class=\"badge " + tone + "\">" + escapeHtml(record.outcome) + "</span>";
}

/// " after step 100 of 112", where the last measurement was not at the end.
std::string whenText(const ReportedRun& run, const BeforeAfter& measured)
{
    if (measured.afterStep >= run.lastStep) return {};
    return " after step " + countText(std::uint64_t(measured.afterStep)) + " of " +
           countText(std::uint64_t(run.lastStep));
}

/// Of a run that ranked no held-out pairs.
std::string unrankedSentence(const ReportedRun& run)
{
    // Rows that are no pairs have a loss only.
    if (const auto loss = beforeAfter(*run.log, "eval_loss")) {
        const std::string before = valueText(loss->before);
        if (!loss->after) return "Not measured after training. Before, the loss on held-out rows was " + before + ".";
        return "The loss on held-out rows is " + valueText(*loss->after) + whenText(run, *loss) + ", from " + before +
               "; rows that are no pairs have no measures of preference.";
    }
    const std::string noun = arePairs(run) ? "pairs" : "rows";
    return (run.record.outcome != "finished" && countIn(run, "held_out") > 0 ? "Held-out " + noun + " were not measured"
                                                                             : "No " + noun + " were held out") +
           ", so this run says nothing about " + noun + " it has not seen.";
}

/// The one figure that a reader wants first.
std::string resultSentence(const ReportedRun& run)
{
    const auto accuracy = beforeAfter(*run.log, "heldout/accuracy_mean");
    if (!accuracy) return unrankedSentence(run);
    const std::string before = shareText(accuracy->before);
    if (!accuracy->after)
        return "Not measured after training. Before, it ranked " + before + " of held-out pairs correctly (per token).";
    return "Ranks " + shareText(*accuracy->after) + " of held-out pairs correctly (per token)" +
           whenText(run, *accuracy) + ", from " + before + ".";
}

std::string settingText(const ReportedRun& run, const std::string& key)
{
    const auto found = run.params.find(key);
    return found == run.params.end() ? std::string() : toText(found->second);
}

/// False where the last batch of an epoch, or its last group, had fewer pairs, and where that is not known.
bool areStepsFull(const ReportedRun& run)
{
    const auto numberIn = [&run](const char* key) {
        const auto found = run.params.find(key);
        const auto* whole = found == run.params.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
        return whole ? *whole : 0;
    };
    const std::int64_t perStep = numberIn("per_device_train_batch_size") * numberIn("gradient_accumulation_steps");
    const auto pairs = static_cast<std::int64_t>(countIn(run, "pairs"));
    if (perStep <= 0 || pairs <= 0) return false;
    return pairs % perStep == 0 || run.lastStep <= pairs / perStep;
}

/// "150 of 8 pairs", "150 of at most 8 x 4 rows".
std::string stepsText(const ReportedRun& run)
{
    const std::string accumulation = settingText(run, "gradient_accumulation_steps");
    return countText(static_cast<std::uint64_t>(run.lastStep)) + (areStepsFull(run) ? " of " : " of at most ") +
           settingText(run, "per_device_train_batch_size") + (accumulation == "1" ? "" : " x " + accumulation) +
           (arePairs(run) ? " pairs" : " rows");
}

std::string runCard(const ReportedRun& run)
{
    const RunSpec& spec = run.record.spec;
    std::string html = "<section class=\"card run\"><h3>" + runLabel(run) + outcomeBadge(run.record) + "</h3>";
    html += "<p class=\"result\">" + escapeHtml(resultSentence(run)) + "</p>";
    html += "<dl class=\"facts\">";
    const bool isNameInId = run.record.id.find(run.record.name) != std::string::npos;
    html += fact("Run", isNameInId ? run.record.id : run.record.id + ", " + run.record.name);
    html += fact("Method", run.method.title.empty()
                               ? run.record.method
                               : run.method.title + (run.method.paper.empty() ? "" : ", ") + run.method.paper);
    html += fact("Model", modelText(spec.model));
    html += fact("Data", fileName(spec.data));
    html += fact("Columns", mappingText(spec.columns));
    html += fact("Held-out data", spec.evalData ? fileName(*spec.evalData) : "");
    html += fact("Columns of the held-out data", spec.evalData ? mappingText(spec.heldOutColumns()) : "");
    html += fact(arePairs(run) ? "Pairs" : "Rows", rowsText(run));
    html += fact("Steps", stepsText(run));
    for (const ParamSpec& own : run.method.params) html += fact(own.title, settingText(run, own.key));
    html += fact("Learning rate", settingText(run, "learning_rate"));
    html += fact("Time", run.seconds > 0 ? durationText(run.seconds) : "");
    html += fact("Started", startedText(run.record.created));
    html += "</dl>";
    if (!run.record.reason.empty()) html += "<p class=\"note danger\">" + escapeHtml(run.record.reason) + "</p>";
    for (const std::string& warning : run.warnings) html += "<p class=\"note\">" + escapeHtml(warning) + "</p>";
    if (!run.notes.empty()) {
        html += "<ul class=\"notes\">";
        for (const std::string& note : run.notes) html += "<li>" + escapeHtml(note) + "</li>";
        html += "</ul>";
    }
    return html + "</section>";
}

std::string measureText(const MetricDescription& metric, double value)
{
    if (!std::isfinite(value)) return "not a number";
    return metric.unit == "share" ? shareText(value) : valueText(value);
}

/// "+0.132 better": sign, size and meaning, so that colour is never needed.
std::string changeCell(const MetricDescription& metric, const BeforeAfter& change)
{
    if (!change.after) return "<td></td>";
    const double difference = *change.after - change.before;
    if (!std::isfinite(difference)) return "<td></td>";
    const std::string text =
        signedText(metric.unit == "share" ? numberText(difference * 100, 1) : valueText(difference));
    const bool isSame = text.find_first_of("123456789") == std::string::npos;
    const bool isBetter = (difference > 0) == metric.isHigherBetter;
    const std::string word = isSame ? "same" : isBetter ? "better" : "worse";
    return "<td class=\"number change " + word + "\">" + text + "<i>" + word + "</i></td>";
}

bool haveCommonStart(const std::vector<ReportedRun>& runs)
{
    return std::all_of(std::begin(kHeldOutMetrics), std::end(kHeldOutMetrics), [&](std::string_view metric) {
        const auto first = beforeAfter(*runs.front().log, metric);
        return std::all_of(runs.begin(), runs.end(), [&](const ReportedRun& run) {
            const auto change = beforeAfter(*run.log, metric);
            return change && first && std::abs(change->before - first->before) < 1e-6;
        });
    });
}

std::string heldOutRow(const MetricDescription& metric, const std::vector<ReportedRun>& runs, bool isStartShared)
{
    std::string html = "<tr><td class=\"measure\">" + escapeHtml(metric.title);
    if (!metric.unit.empty() && metric.unit != "share") html += " <small>" + escapeHtml(metric.unit) + "</small>";
    html += std::string("</td><td class=\"direction\">") + (metric.isHigherBetter ? "\u2191 higher" : "\u2193 lower") +
            "</td>";
    for (const ReportedRun& run : runs) {
        const auto change = beforeAfter(*run.log, metric.key);
        const bool hasStart = !isStartShared || &run == &runs.front();
        if (hasStart) html += "<td class=\"number\">" + (change ? measureText(metric, change->before) : "") + "</td>";
        html += "<td class=\"number\">" +
                (!change         ? ""
                 : change->after ? measureText(metric, *change->after)
                                 : "not measured") +
                "</td>";
        html += change ? changeCell(metric, *change) : "<td></td>";
    }
    return html + "</tr>";
}

}  // namespace

std::string runLabel(const ReportedRun& run)
{
    return "<span class=\"run-head\"><svg class=\"sample\" viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path "
           "class=\"line " +
           run.style + "\" d=\"M1 4H23\"/></svg>" + escapeHtml(shortened(run.label, kLabelCharacters)) + "</span>";
}

std::string alarmNotes(const std::vector<ReportedRun>& runs)
{
    std::string html;
    for (const ReportedRun& run : runs)
        for (const std::string& alarm : run.alarms)
            html += "<p class=\"note danger\">" + (runs.size() == 1 ? "" : runLabel(run) + " ") + escapeHtml(alarm) +
                    "</p>\n";
    return html;
}

std::string runCards(const std::vector<ReportedRun>& runs)
{
    std::string html = "<div class=\"cards\">";
    for (const ReportedRun& run : runs) html += runCard(run);
    return html + "</div>\n";
}

std::string heldOutTable(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    const bool isMeasured = std::any_of(runs.begin(), runs.end(), [](const ReportedRun& run) {
        return beforeAfter(*run.log, kHeldOutMetrics[0]).has_value();
    });
    if (!isMeasured) return {};
    const bool isStartShared = runs.size() == 1 || haveCommonStart(runs);
    std::string html = "<div class=\"card scroll\"><table><thead><tr><th>Measure</th><th>Better is</th>";
    for (const ReportedRun& run : runs) {
        if (!isStartShared || &run == &runs.front()) html += "<th class=\"number\">Before</th>";
        html += "<th class=\"number\">" + (runs.size() == 1 ? "After" : runLabel(run)) +
                "</th><th class=\"number\">Change</th>";
    }
    html += "</tr></thead><tbody>";
    for (const std::string_view key : kHeldOutMetrics) html += heldOutRow(describe(input, key), runs, isStartShared);
    return html + "</tbody></table></div>\n";
}

}  // namespace preflab
