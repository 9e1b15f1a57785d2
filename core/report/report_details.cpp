// SPDX-License-Identifier: GPL-3.0-or-later
// Sample answers beside each other, and settings with what differs first.
#include "core/report/report_details.h"

#include "core/base/utf8.h"
#include "core/report/report_sections.h"
#include "core/report/report_text.h"

#include <algorithm>
#include <map>

namespace preflab {

namespace {

constexpr std::size_t kLongPrompt = 700;

std::vector<std::string> promptsOf(const std::vector<ReportedRun>& runs)
{
    std::vector<std::string> prompts;
    for (const ReportedRun& run : runs) {
        for (const SampleAnswer& sample : run.samples) {
            if (std::find(prompts.begin(), prompts.end(), sample.prompt) == prompts.end())
                prompts.push_back(sample.prompt);
        }
    }
    return prompts;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    return text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin);
}

std::string textBlock(std::string_view text)
{
    const std::string_view visible = trimmed(text);
    if (visible.empty()) return "<div class=\"text none\">(no text)</div>";
    return "<div class=\"text\" dir=\"auto\">" + escapeHtml(visible) + "</div>";
}

/// The last `limit` characters or fewer: from the next word on, where one begins soon; many languages have no spaces.
std::string_view endOf(std::string_view text, std::size_t limit)
{
    constexpr std::size_t kLongestWord = 24;  // bytes
    std::size_t start = text.size();
    for (std::size_t characters = 0; start > 0 && characters < limit; ++characters) {
        --start;
        while (start > 0 && isUtf8Continuation(text[start])) --start;
    }
    const std::size_t space = text.find(' ', start);
    return text.substr(space != std::string_view::npos && space - start <= kLongestWord ? space : start);
}

/// Long conversations show their end, where the question is, and unfold.
std::string promptBlock(const std::string& prompt)
{
    const std::string_view visible = trimmed(prompt);
    if (characterCount(visible) <= kLongPrompt) return "<div class=\"prompt\">" + textBlock(visible) + "</div>";
    return "<div class=\"prompt\">" + textBlock("\u2026" + std::string(endOf(visible, kLongPrompt))) +
           "<details><summary>Whole prompt</summary>" + textBlock(visible) + "</details></div>";
}

std::string answer(const std::string& heading, const std::optional<std::string>& text)
{
    return "<div class=\"answer\"><h3>" + heading + "</h3>" +
           (text ? textBlock(*text) : "<div class=\"text none\">(not asked)</div>") + "</div>";
}

std::string sampleCard(const std::string& prompt, const std::vector<ReportedRun>& runs)
{
    const auto first = answerTo(runs.front().samples, prompt, "before");
    const bool isStartShared = std::all_of(runs.begin(), runs.end(), [&](const ReportedRun& run) {
        return answerTo(run.samples, prompt, "before") == first;
    });
    std::string html = "<section class=\"card sample-card\">" + promptBlock(prompt) + "<div class=\"answers\">";
    if (isStartShared) html += answer("Before", first);
    for (const ReportedRun& run : runs) {
        if (!isStartShared) html += answer("Before, " + runLabel(run), answerTo(run.samples, prompt, "before"));
        html += answer("After " + runLabel(run), answerTo(run.samples, prompt, "after"));
    }
    return html + "</div></section>\n";
}

/// Every key that some run has, in the order of forms: method's own first.
std::vector<std::string> settingKeys(const std::vector<ReportedRun>& runs)
{
    std::vector<std::string> keys;
    const auto add = [&keys](const std::string& key) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    };
    for (const ReportedRun& run : runs) {
        for (const ParamSpec& spec : run.method.params) add(spec.key);
    }
    for (const ParamSpec& spec : trainingParams()) add(spec.key);
    for (const ReportedRun& run : runs) {
        for (const auto& [key, value] : run.params) add(key);
    }
    return keys;
}

std::string settingValue(const ReportedRun& run, const std::string& key)
{
    const auto found = run.params.find(key);
    return found == run.params.end() ? std::string() : toText(found->second);
}

std::string settingTitle(const std::vector<ReportedRun>& runs, const std::string& key)
{
    for (const ReportedRun& run : runs) {
        if (const ParamSpec* spec = paramSpec(run, key)) return spec->title;
    }
    return key;
}

bool isEqualInAll(const std::vector<ReportedRun>& runs, const std::string& key)
{
    return std::all_of(runs.begin(), runs.end(), [&](const ReportedRun& run) {
        return settingValue(run, key) == settingValue(runs.front(), key);
    });
}

bool isChanged(const ReportedRun& run, const std::string& key)
{
    const auto found = run.defaults.find(key);
    return found != run.defaults.end() && toText(found->second) != settingValue(run, key);
}

std::string differingTable(const std::vector<ReportedRun>& runs, const std::vector<std::string>& keys)
{
    std::string rows;
    for (const std::string& key : keys) {
        if (isEqualInAll(runs, key)) continue;
        rows += "<tr><td>" + escapeHtml(settingTitle(runs, key)) + " <small class=\"mono\">" + escapeHtml(key) +
                "</small></td>";
        for (const ReportedRun& run : runs) {
            const std::string value = settingValue(run, key);
            rows += "<td class=\"value mono\">" + (value.empty() ? "\u2013" : escapeHtml(value)) + "</td>";
        }
        rows += "</tr>";
    }
    std::string html = "<div class=\"card scroll differing\"><table><thead><tr><th>Differs</th>";
    for (const ReportedRun& run : runs) html += "<th>" + runLabel(run) + "</th>";
    return rows.empty() ? std::string() : html + "</tr></thead><tbody>" + rows + "</tbody></table></div>\n";
}

}  // namespace

std::string sampleAnswers(const std::vector<ReportedRun>& runs)
{
    std::string html;
    for (const std::string& prompt : promptsOf(runs)) html += sampleCard(prompt, runs);
    return html;
}

std::string settings(const std::vector<ReportedRun>& runs)
{
    const std::vector<std::string> keys = settingKeys(runs);
    std::string html = runs.size() > 1 ? differingTable(runs, keys) : std::string();
    html += "<div class=\"card\"><div class=\"settings\">";
    for (const std::string& key : keys) {
        if (!isEqualInAll(runs, key) || settingValue(runs.front(), key).empty()) continue;
        html += std::string("<div") + (isChanged(runs.front(), key) ? " class=\"changed\"" : "") + "><span>" +
                escapeHtml(settingTitle(runs, key)) + "</span><b>" + escapeHtml(settingValue(runs.front(), key)) +
                "</b></div>";
    }
    return html + "</div></div>\n";
}

}  // namespace preflab
