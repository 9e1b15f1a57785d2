// SPDX-License-Identifier: GPL-3.0-or-later
// What a preparation tells the user.
#include "core/runs/prepare_notes.h"

#include "core/base/system.h"
#include "core/runs/start_checks.h"

#include <algorithm>
#include <string>

namespace preflab {

namespace {

/// "1 pair", "2,312 pairs", "40 rows".
std::string amount(const Dataset& data, std::uint64_t count)
{
    const std::string noun = data.kind == RowKind::Preference ? "pair" : "row";
    return countText(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string fileName(const Dataset& data)
{
    return data.path.filename().string();
}

void addUnreadableNote(PreparedRun& run, const Dataset& data)
{
    const Findings& findings = data.findings;
    if (findings.badRows == 0) return;
    std::string note = countText(findings.badRows) + (findings.badRows == 1 ? " row of " : " rows of ") +
                       fileName(data) + " could not be read";
    if (const std::string first = findings.firstReason(Finding::Kind::BadRow); !first.empty())
        note += "; the first: " + first;
    run.notes.push_back(note + ".");
}

/// How the texts of a file come about, and which parts of its messages no text has. `isHeldOut`: it is a file of its own
/// that is only evaluated on.
void addDataNotes(PreparedRun& run, const Dataset& data, const RowCounts& counts, bool isHeldOut)
{
    const std::string where = isHeldOut ? "In " + fileName(data) + " message lists" : "Message lists";
    addUnreadableNote(run, data);
    if (data.isConversational)
        run.notes.push_back(where + " are rendered as " + run.options.chatTemplate->title +
                            "; the tokenizer's special tokens apply to the rendered text.");
    if (const std::string parts = unrenderedText(counts); !parts.empty())
        run.warnings.push_back(
            {(isHeldOut ? "Not seen when evaluating on " + fileName(data) : std::string("Not trained on")) +
             ", because " + run.options.chatTemplate->title + " writes only role and content of messages: " + parts +
             "."});
    if (data.isPromptImplicit)
        run.notes.push_back((isHeldOut ? "Prompts of " + fileName(data) : std::string("Prompts")) +
                            (data.isTranscript && run.options.split == SplitRule::Automatic
                                 ? " are split from transcripts at the last common assistant turn."
                                 : " are the common beginning of both answers, found as TRL does."));
}

/// `which` goes before the number: empty, or "Of the held-out ones, ".
void addShorteningNote(PreparedRun& run, const Dataset& data, std::uint64_t pairs, const std::string& which)
{
    if (pairs == 0) return;
    run.notes.push_back(which + amount(data, pairs) + (pairs == 1 ? " is" : " are") + " longer than " +
                        countText(static_cast<std::uint64_t>(run.options.maxLength.value_or(0))) +
                        " tokens (max_length); what is beyond them is cut off.");
}

/// Warns of what is doubtful in a file. `areSidesCompared`: equal sides are looked for in the tokens, and told from there.
void addDoubts(PreparedRun& run, const std::vector<DataDoubt>& doubts, bool areSidesCompared)
{
    for (const DataDoubt& doubt : doubts)
        if (!areSidesCompared || doubt.kind != Finding::Kind::IdenticalSides)
            run.warnings.push_back({doubt.text, {{"finding", findingId(doubt.kind)}, {"count", doubt.rows}}});
}

/// What start_checks.h says of settings by themselves.
void addStartWarnings(PreparedRun& run, const RunSpec& spec)
{
    StartFacts facts;
    facts.rows = static_cast<std::uint32_t>(run.rows.used + run.rows.heldOut);
    facts.hasEvalData = spec.evalData.has_value();
    facts.heldOut = static_cast<std::uint32_t>(run.rows.heldOut);
    facts.schedule = run.options.schedule;
    facts.warmupSteps = run.options.warmupSteps;
    facts.steps = BatchPlan(run.options.batchPlan(run.train->size())).totalSteps();
    for (const StartCheck& check : startChecks(facts)) {
        // A share that is too small to hold anything out is told as that.
        const bool isMeant = check.code == StartCheck::Code::NothingHeldOut && run.options.evalFraction > 0;
        if (check.kind == StartCheck::Kind::Warning && !isMeant)
            run.warnings.push_back(
                {startCheckText(check), {{"check", startCheckId(check.code)}, {"parameter", check.key}}});
    }
}

}  // namespace

void addTrainingNotes(PreparedRun& run, std::size_t rows, bool arePairs)
{
    const std::uint64_t used = run.rows.used;
    run.counts["rows"] = run.data.rows->size();
    run.counts["pairs"] = used;
    run.counts["dropped"] = rows - used;
    run.counts["held_out"] = 0;
    run.counts["is_pairs"] = run.data.kind == RowKind::Preference;
    std::string note = "Trains on " + amount(run.data, used);
    if (used < rows) note = "Trains on " + countText(used) + " of " + amount(run.data, rows);
    // Rows that were unreadable or left out by the user have sentences of their own.
    const std::string reasons = leftOutText({.dropped = run.rows.dropped, .unmatched = run.rows.unmatched});
    run.notes.push_back(note + " of " + fileName(run.data) + (reasons.empty() ? "" : "; left out: " + reasons) + ".");
    addDataNotes(run, run.data, run.rows, /*isHeldOut=*/false);
    addDoubts(run, run.rows.doubts, arePairs);
    addShorteningNote(run, run.data, run.rows.shortened, "");
}

void addEvaluationNotes(PreparedRun& run, const Dataset& data, std::size_t rows, const RowCounts& counts,
                        bool isOwnFile)
{
    const std::uint32_t used = run.heldOut ? run.heldOut->size() : run.eval->size();
    run.counts["held_out"] = used;
    std::string note = "Evaluates on " + amount(data, used);
    if (used < rows) note = "Evaluates on " + countText(used) + " of " + amount(data, rows);
    note += isOwnFile ? " of " + fileName(data) : " held out from " + fileName(data) + " by the seed";
    if (!run.heldOut) note += "; without pairs there are no preference measures";
    const std::string reasons = leftOutText({.dropped = counts.dropped});
    run.notes.push_back(note + (reasons.empty() ? "" : "; left out: " + reasons) + ".");
    addShorteningNote(run, data, counts.shortened, "Of the held-out ones, ");
    // Of data that are trained on, too, the rest was told already.
    if (data.rowsKey() != run.data.rowsKey()) {
        addDataNotes(run, data, counts, /*isHeldOut=*/true);
        addDoubts(run, counts.doubts, run.heldOut != nullptr);
    }
    if (isOwnFile && data.contentHash == run.data.contentHash)
        run.warnings.push_back({fileName(data) +
                                " is both trained and evaluated on: the held-out measures will not tell "
                                "learning from memorising; name another file, or hold out a share of this one."});
}

void addSharedNote(PreparedRun& run, const Dataset& data, std::uint32_t shared, bool isOwnFile)
{
    run.counts[kHeldOutTrainedOn] = shared;
    // Of a whole file that is trained on, this was told.
    const bool isToldAlready = isOwnFile && data.contentHash == run.data.contentHash;
    if (shared == 0 || isToldAlready) return;
    run.warnings.push_back({countText(shared) + " of " + amount(data, run.eval->size()) + " held out " +
                            (shared == 1 ? "is" : "are") + " trained on as well" +
                            (data.kind == RowKind::Preference ? " (prompt and chosen answer)" : "") +
                            ": the held-out measures will not tell learning from memorising; leave the doubles out of "
                            "one of the two."});
}

std::optional<std::string> epochsNote(const RunSpec& spec)
{
    const auto steps = spec.params.find("max_steps"), epochs = spec.params.find("num_train_epochs");
    if (steps == spec.params.end() || epochs == spec.params.end()) return std::nullopt;
    const auto* count = std::get_if<std::int64_t>(&steps->second);
    if (count == nullptr || *count <= 0) return std::nullopt;
    return "The run takes " + amountText(static_cast<std::uint64_t>(*count), "step") + " (max_steps); the epochs (" +
           toText(epochs->second) + " as num_train_epochs) have no effect beside that.";
}

void addSettingNotes(PreparedRun& run, const RunSpec& spec)
{
    const TrainingOptions& options = run.options;
    const bool hasSamples = options.areSamplesEvaluated && !spec.samplePrompts.empty();
    if (options.evalEvery > 0 && !run.eval && !hasSamples)
        run.warnings.push_back(
            {"Nothing happens every " + countText(static_cast<std::uint64_t>(options.evalEvery)) +
             " steps (eval_steps): hold out pairs or name a sample prompt to have something to evaluate."});
    if (options.evalFraction > 0 && !spec.evalData && run.rows.heldOut == 0)
        run.warnings.push_back({"Nothing is held out (eval_fraction): " + fileName(run.data) + " has only " +
                                amount(run.data, run.rows.used) + ", and one is needed to train on."});
    if (auto note = epochsNote(spec)) run.notes.push_back(*std::move(note));
    addStartWarnings(run, spec);
}

void addLengthWarning(PreparedRun& run)
{
    const std::int64_t positions = run.model.decoder.maxPositions;
    const std::uint64_t longer = run.rows.tooLong = pairsLongerThan(*run.train, positions);
    if (longer == 0) return;
    run.warnings.push_back({amount(run.data, longer) + (longer == 1 ? " is" : " are") + " longer than the " +
                            countText(static_cast<std::uint64_t>(positions)) +
                            " tokens that the model was made for (the longest has " +
                            countText(static_cast<std::uint64_t>(longestSequence(*run.train))) +
                            "), and will be trained at full length, as TRL does; set max_length to " +
                            std::to_string(positions) + (longer == 1 ? " to cut it." : " to cut them.")});
}

}  // namespace preflab
