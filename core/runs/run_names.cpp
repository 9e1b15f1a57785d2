// SPDX-License-Identifier: GPL-3.0-or-later
// Making names, and finding runs by them.
#include "core/runs/run_names.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <functional>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kLongestSlug = 32;
constexpr std::size_t kMostMatches = 6;  ///< that a sentence lists

/// "Helpful pairs (v2)" -> "helpful-pairs-v2": safe in paths, on a command line and in a URL.
std::string slugOf(const std::string& text)
{
    std::string slug;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && std::isalnum(byte) != 0) {
            slug += static_cast<char>(std::tolower(byte));
        } else if (!slug.empty() && slug.back() != '-') {
            slug += '-';
        }
    }
    slug.resize(std::min(slug.size(), kLongestSlug));
    while (slug.ends_with('-')) slug.pop_back();
    return slug.empty() ? "run" : slug;
}

/// The number that "3" and "0003", as ids begin, mean; 0 for another text.
std::int64_t runNumberIn(const std::string& text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

/// "3 (0003-dpo-pairs, started 2026-03-02T14:05:31.120Z), 5 (…) and 2 more".
std::string listed(const std::vector<const RunRecord*>& matches)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(matches.size(), kMostMatches); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(matches[i]->number) + " (" + matches[i]->id + ", started " +
                matches[i]->created + ")";
    return matches.size() <= kMostMatches ? text
                                          : text + " and " + std::to_string(matches.size() - kMostMatches) + " more";
}

}  // namespace

std::string runIdOf(std::int64_t number, const RunSpec& spec)
{
    char digits[24];
    std::snprintf(digits, sizeof digits, "%04lld", static_cast<long long>(number));
    const std::string what = spec.name.empty() ? spec.data.stem().string() : spec.name;
    return std::string(digits) + "-" + slugOf(spec.method) + "-" + slugOf(what);
}

std::string runNameOf(const RunSpec& spec)
{
    if (!spec.name.empty()) return spec.name;
    std::string method = spec.method;
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return method + " on " + spec.data.stem().string();
}

Result<> checkRunName(const std::string& name, const std::string& key)
{
    const auto refused = [&key](const std::string& value, const char* range) {
        return fail(ErrorCode::ParameterOutOfRange, {{"key", key}, {"value", value}, {"range", range}});
    };
    if (name.find_first_not_of(" \t\r\n") == std::string::npos)
        return refused("empty", "a text with at least one letter");
    if (runNumberIn(name) > 0) return refused(name, "more than a number, because a number means the run that has it");
    return {};
}

Result<RunRecord> findRun(std::vector<RunRecord> records, const std::string& run, const std::filesystem::path& project)
{
    const std::function<bool(const RunRecord&)> ways[] = {
        [&run](const RunRecord& record) { return record.id == run; },
        [number = runNumberIn(run)](const RunRecord& record) { return record.number == number; },
        [&run](const RunRecord& record) { return record.name == run; },
        [&run](const RunRecord& record) { return !run.empty() && record.id.starts_with(run); },
    };
    for (const auto& isMeant : ways) {
        std::vector<const RunRecord*> matches;
        for (const RunRecord& record : records)
            if (isMeant(record)) matches.push_back(&record);
        if (matches.size() == 1) return *matches.front();
        if (matches.empty()) continue;
        return fail(ErrorCode::RunAmbiguous,
                    {{"run", run}, {"project", project.string()}, {"matches", listed(matches)}});
    }
    return fail(ErrorCode::RunNotFound, {{"run", run}, {"project", project.string()}});
}

}  // namespace preflab
