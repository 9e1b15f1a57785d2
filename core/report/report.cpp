// SPDX-License-Identifier: GPL-3.0-or-later
// The report's page: its parts in their order.
#include "core/report/report.h"

#include "core/report/report_curves.h"
#include "core/report/report_details.h"
#include "core/report/report_sections.h"
#include "core/report/report_style.h"
#include "core/report/report_text.h"
#include "core/runs/held_out_use.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace preflab {

namespace {

/// "DPO and ORPO", "a, b and c".
std::string listed(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

/// "a.jsonl", "a.jsonl and b.jsonl", "3 files": what runs were trained on, by content where that is known.
std::string dataText(const std::vector<ReportedRun>& runs)
{
    std::set<std::string> contents;
    std::vector<std::string> names;
    for (const ReportedRun& run : runs) {
        if (!run.record.areSettingsReadable) return "data that cannot be told";
        const std::filesystem::path& path = run.record.spec.data;
        contents.insert(run.record.dataHash.empty() ? path.string() : run.record.dataHash);
        if (std::find(names.begin(), names.end(), path.filename().string()) == names.end())
            names.push_back(path.filename().string());
    }
    constexpr std::size_t kNamed = 2;
    if (contents.size() == 1) return names.front();
    return contents.size() == names.size() && names.size() <= kNamed ? listed(names)
                                                                     : std::to_string(contents.size()) + " files";
}

std::string titleOf(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    if (!input.title.empty()) return input.title;
    std::vector<std::string> methods;
    for (const ReportedRun& run : runs) {
        const std::string title = run.method.title.empty() ? run.record.method : run.method.title;
        if (std::find(methods.begin(), methods.end(), title) == methods.end()) methods.push_back(title);
    }
    const std::string count = methods.size() == runs.size() ? "" : std::to_string(runs.size()) + " runs of ";
    return count + listed(methods) + " on " + dataText(runs);
}

/// What the reader has before them, in a sentence.
std::string leadOf(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    if (runs.size() == 1) return runs.front().method.help;
    if (areMatched(input))
        return std::string("A matched comparison: every run saw the same ") +
               (arePairs(runs.front()) ? "pairs" : "rows") +
               " in the same order for the same number of steps, from the same model.";
    std::string lead = "Runs side by side, to be compared with care.";
    if (const auto unmatched = unmatchedConditions(input.runs); !unmatched.empty())
        lead += " They differ in more than the method: " + listed(unmatched) + ".";
    for (const Unjudged& unjudged : unjudgedRuns(input.runs)) lead += " " + unjudgedText(unjudged, input.runs);
    return lead;
}

/// Runs by method, in order of first appearance.
std::vector<std::vector<ReportedRun>> byMethod(const std::vector<ReportedRun>& runs)
{
    std::vector<std::vector<ReportedRun>> groups;
    for (const ReportedRun& run : runs) {
        const auto found = std::find_if(groups.begin(), groups.end(), [&run](const auto& group) {
            return group.front().record.method == run.record.method;
        });
        if (found == groups.end())
            groups.push_back({run});
        else
            found->push_back(run);
    }
    return groups;
}

std::string section(const std::string& title, const std::string& intro, const std::string& content)
{
    if (content.empty()) return {};
    return "<h2>" + escapeHtml(title) + "</h2>\n" +
           (intro.empty() ? "" : "<p class=\"intro\">" + escapeHtml(intro) + "</p>\n") + content;
}

std::string chartGrid(const std::vector<Chart>& charts)
{
    std::string html;
    for (const Chart& chart : charts) html += chartHtml(chart);
    return html.empty() ? html : "<div class=\"charts\">" + html + "</div>\n";
}

std::string heldOutSection(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    const std::string table = heldOutTable(input, runs);
    return section(
               "Held-out pairs",
               heldOutText(input.runs) +
                   " Every run is measured in the same way, whatever its method. Log-probs are in nats, per token of "
                   "the answer.",
               table) +
           section("Held-out curves", "", chartGrid(heldOutCharts(input, runs)));
}

std::string trainingSection(const ReportInput& input, const std::vector<ReportedRun>& runs)
{
    std::string html;
    const auto groups = byMethod(runs);
    for (const auto& group : groups) {
        const std::string method =
            group.front().method.title.empty() ? group.front().record.method : group.front().method.title;
        const bool isFirstOfSeveral = groups.size() > 1 && &group == &groups.front();
        html += section(groups.size() > 1 ? "Training, " + method : "Training",
                        isFirstOfSeveral ? "Losses, rewards and log-probs of different methods have different units, "
                                           "so each method has its own charts. Compare methods on held-out pairs."
                                         : "",
                        chartGrid(trainingCharts(input, group)));
    }
    return html;
}

}  // namespace

Result<std::string> renderReport(const ReportInput& input)
{
    if (input.runs.empty() || input.runs.size() > kMostReportRuns)
        return fail(ErrorCode::WrongUse, {{"reason", "A report takes 1 to " + std::to_string(kMostReportRuns) +
                                                         " runs, not " + std::to_string(input.runs.size())}});
    const std::vector<ReportedRun> runs = reportedRuns(input);
    const std::string title = escapeHtml(titleOf(input, runs));
    std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'\"><title>" +
                       title + "</title><style>" + reportStyle() + "</style></head><body>\n";
    html += "<header><h1>" + title;
    if (areMatched(input)) html += " <span class=\"badge ok\">matched</span>";
    html += "</h1><p class=\"lead\">" + escapeHtml(leadOf(input, runs)) + "</p></header>\n" + alarmNotes(runs);
    html += section("Runs", "", runCards(runs));
    html += heldOutSection(input, runs);
    html += section("Sample answers", "The same prompts before and after training.", sampleAnswers(runs));
    html += trainingSection(input, runs);
    html += section("Settings", "A dot marks what differs from the method's default.", settings(runs));
    html += "<footer>" + escapeHtml(input.program) + (input.created.empty() ? "" : ", ") + escapeHtml(input.created) +
            "</footer>\n</body></html>\n";
    return html;
}

}  // namespace preflab
