// SPDX-License-Identifier: GPL-3.0-or-later
// The checks, and their sentences.
#include "core/runs/start_checks.h"

#include "core/base/system.h"

#include <utility>

namespace preflab {
namespace {

using Code = StartCheck::Code;
using Kind = StartCheck::Kind;

void checkData(const StartFacts& facts, std::vector<StartCheck>& into)
{
    if (facts.dataKind && facts.needsPairs && *facts.dataKind != RowKind::Preference)
        into.push_back({.code = Code::NeedsPairs, .kind = Kind::Problem, .key = "data", .method = facts.method});
    if (facts.dataKind && facts.rows == 0)
        into.push_back({.code = Code::EveryRowLeftOut, .kind = Kind::Problem, .key = "data"});
    if (facts.findings.badRows > 0)
        into.push_back({Code::RowsUnreadable, Kind::Warning, "data", facts.findings.badRows});
    if (facts.openVotes > 0) into.push_back({Code::VotesOpen, Kind::Warning, "data", facts.openVotes});
}

void checkLength(const StartFacts& facts, std::vector<StartCheck>& into)
{
    if (!facts.truncation || !facts.maxLength) return;
    const TruncationSummary& cut = *facts.truncation;
    if (cut.shortened + cut.leftOut == 0) {
        into.push_back({Code::NothingCut, Kind::Passed, "max_length", cut.longest});
        return;
    }
    const auto limit = static_cast<std::uint64_t>(*facts.maxLength);
    const std::pair<Code, std::uint64_t> found[] = {
        {Code::Shortened, cut.shortened}, {Code::PromptFills, cut.leftOut}, {Code::EqualOnceCut, cut.identical}};
    for (const auto& [code, pairs] : found) {
        if (pairs == 0) continue;
        into.push_back({.code = code,
                        .kind = Kind::Warning,
                        .key = "max_length",
                        .count = pairs,
                        .limit = limit,
                        .remedies = {{"max_length", std::to_string(cut.longest)}}});
    }
}

void checkAnswers(const StartFacts& facts, std::vector<StartCheck>& into)
{
    if (!facts.needsPairs || facts.dataKind != RowKind::Preference) return;
    if (facts.findings.identicalSides > 0)
        into.push_back({Code::IdenticalSides, Kind::Warning, "data", facts.findings.identicalSides});
    else
        into.push_back({Code::NoIdenticalSides, Kind::Passed, "data"});
    if (facts.findings.emptySides > 0)
        into.push_back({Code::EmptySides, Kind::Warning, "data", facts.findings.emptySides});
}

void checkHeldOut(const StartFacts& facts, std::vector<StartCheck>& into)
{
    if (facts.rows == 0) return;
    if (facts.hasEvalData)
        into.push_back({Code::HeldOutFile, Kind::Passed, "eval_fraction"});
    else if (facts.heldOut > 0)
        into.push_back({Code::HeldOutShare, Kind::Passed, "eval_fraction", facts.heldOut});
    else
        into.push_back({.code = Code::NothingHeldOut,
                        .kind = Kind::Warning,
                        .key = "eval_fraction",
                        .remedies = {{"eval_fraction", "0.1"}}});
}

void checkWarmUp(const StartFacts& facts, std::vector<StartCheck>& into)
{
    const double warmUp = facts.warmupSteps.value_or(0.0);
    if (facts.rows == 0 || warmUp <= 0.0) return;
    if (facts.schedule == "constant")
        into.push_back({.code = Code::NoWarmUp,
                        .kind = Kind::Warning,
                        .key = "warmup_steps",
                        .remedies = {{"lr_scheduler_type", "constant_with_warmup"}}});
    else if (facts.steps && warmUp >= static_cast<double>(*facts.steps))
        into.push_back({Code::WarmUpTooLong, Kind::Warning, "warmup_steps", static_cast<std::uint64_t>(*facts.steps)});
}

void checkMemory(const StartFacts& facts, std::vector<StartCheck>& into)
{
    if (!facts.estimate) return;
    const Estimate& estimate = *facts.estimate;
    if (estimate.memoryBytes <= estimate.availableBytes) {
        into.push_back({Code::FitsInMemory, Kind::Passed, "", estimate.memoryBytes, estimate.availableBytes});
        return;
    }
    StartCheck check{Code::TooLargeForMemory, Kind::Warning, "per_device_train_batch_size", estimate.memoryBytes,
                     estimate.availableBytes};
    if (facts.batchSize && *facts.batchSize > 1)
        check.remedies = {{"per_device_train_batch_size", std::to_string(*facts.batchSize / 2)}};
    into.push_back(std::move(check));
}

/// "1 pair is", "12 pairs are".
std::string pairsThat(std::uint64_t count, const char* one, const char* many)
{
    return countText(count) + (count == 1 ? " pair " : " pairs ") + (count == 1 ? one : many);
}

std::string dataText(const StartCheck& check)
{
    switch (check.code) {
    case Code::NeedsPairs:
        return check.method + " learns from chosen and rejected answers, and this file has no rejected ones. Choose "
                              "other data, or another method.";
    case Code::EveryRowLeftOut:
        return "Every pair was left out. Put some back to learn from.";
    case Code::RowsUnreadable:
        return countText(check.count) + (check.count == 1 ? " row" : " rows") + " could not be read and " +
               (check.count == 1 ? "is" : "are") + " left out.";
    case Code::VotesOpen:
        return countText(check.count) + (check.count == 1 ? " vote is" : " votes are") +
               " not applied: the pairs are used as they stand.";
    case Code::IdenticalSides:
        return pairsThat(check.count, "has two identical answers and teaches", "have two identical answers and teach") +
               " no preference.";
    case Code::NoIdenticalSides:
        return "No chosen answer is the same as its rejected answer.";
    case Code::EmptySides:
        return pairsThat(check.count, "has", "have") + " an empty answer.";
    default:
        return {};
    }
}

std::string lengthText(const StartCheck& check)
{
    const std::string tokens = countText(check.limit) + " tokens";
    switch (check.code) {
    case Code::NothingCut:
        return "No pair is cut: the longest has " + countText(check.count) + " tokens.";
    case Code::Shortened:
        return pairsThat(check.count, "is", "are") + " longer than " + tokens +
               (check.count == 1 ? "; its end is cut off." : "; their ends are cut off.");
    case Code::PromptFills:
        return pairsThat(check.count, "is", "are") + " left out: the prompt alone fills " + tokens + ".";
    case Code::EqualOnceCut:
        return pairsThat(check.count, "has two equal answers once it is cut, and teaches",
                         "have two equal answers once they are cut, and teach") +
               " nothing.";
    default:
        return {};
    }
}

std::string settingText(const StartCheck& check)
{
    switch (check.code) {
    case Code::HeldOutFile:
        return "Held-out pairs come from a file of their own.";
    case Code::HeldOutShare:
        return pairsThat(check.count, "is", "are") + " held out, to tell whether training helps.";
    case Code::NothingHeldOut:
        return "Nothing is held out, so nothing will tell whether training helped.";
    case Code::NoWarmUp:
        return "The schedule constant has no warm-up, as in TRL: warmup_steps is without effect; choose "
               "constant_with_warmup to have one.";
    case Code::WarmUpTooLong:
        return "Warm-up lasts as long as the whole run of " + countText(check.count) +
               (check.count == 1 ? " step" : " steps") + ": the learning rate is never reached.";
    case Code::FitsInMemory:
        return "Fits in memory: " + byteText(check.count) + " of " + byteText(check.limit) + ".";
    case Code::TooLargeForMemory:
        return "Needs about " + byteText(check.count) + " of memory, and " + byteText(check.limit) +
               " are free. Use fewer pairs at once, or shorter ones.";
    default:
        return {};
    }
}

}  // namespace

std::vector<StartCheck> startChecks(const StartFacts& facts)
{
    std::vector<StartCheck> all;
    checkData(facts, all);
    checkLength(facts, all);
    checkAnswers(facts, all);
    checkHeldOut(facts, all);
    checkWarmUp(facts, all);
    checkMemory(facts, all);
    return all;
}

std::string_view startCheckId(StartCheck::Code code)
{
    constexpr std::string_view kIds[] = {
        "needs-pairs",      "every-row-left-out", "rows-unreadable",     "votes-open",       "nothing-cut",
        "shortened",        "prompt-fills",       "equal-once-cut",      "identical-sides",  "no-identical-sides",
        "empty-sides",      "held-out-file",      "held-out-share",      "nothing-held-out", "no-warm-up",
        "warm-up-too-long", "fits-in-memory",     "too-large-for-memory"};
    return kIds[static_cast<std::size_t>(code)];
}

std::string startCheckText(const StartCheck& check)
{
    for (const std::string& text : {dataText(check), lengthText(check), settingText(check)})
        if (!text.empty()) return text;
    return {};
}
}  // namespace preflab
