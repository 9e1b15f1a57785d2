// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli score: log-probs of every pair as JSONL.
#include "app/cli/command.h"
#include "app/cli/map_flag.h"
#include "app/cli/open_project.h"
#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "app/cli/summary_text.h"
#include "core/base/atomic_file.h"
#include "core/base/system.h"
#include "core/project/path_text.h"

#include <memory>
#include <optional>

namespace preflab {

namespace {

std::vector<Flag> flags(const Backend&)
{
    std::vector<Flag> all{
        {.name = "model", .valueName = "DIR", .help = "Model that scores.", .isRequired = true},
        {.name = "data", .valueName = "FILE", .help = "Preference pairs.", .isRequired = true},
        mapFlag(),
        {.name = "reference", .valueName = "DIR", .help = "Reference model; adds rewards and margins."},
        {.name = "beta",
         .valueName = "X",
         .help = "With --reference: scale of rewards, beta x (log-prob - reference's).",
         .defaultText = "0.1"},
        {.name = "project",
         .valueName = "DIR",
         .help = "Score the pairs as they were edited in this project, without those left out there."},
        {.name = "output",
         .valueName = "FILE",
         .help = "Write there, whole or not at all, instead of to the terminal."},
    };
    for (Flag& flag :
         trainingFlags({"per_device_eval_batch_size", "max_length", "split", "rendering", "dtype", "threads"}))
        all.push_back(std::move(flag));
    return all;
}

void addIfThere(Json& object, const char* name, const std::optional<double>& value)
{
    if (value) object[name] = *value;
}

Json scoreJson(const PairScore& score)
{
    Json object{{"row", score.row},
                {"source_number", score.sourceNumber},
                {"chosen_tokens", score.chosenTokens},
                {"rejected_tokens", score.rejectedTokens},
                {"chosen_logp", score.chosenLogProb},
                {"rejected_logp", score.rejectedLogProb}};
    addIfThere(object, "reference_chosen_logp", score.referenceChosenLogProb);
    addIfThere(object, "reference_rejected_logp", score.referenceRejectedLogProb);
    addIfThere(object, "chosen_reward", score.chosenReward);
    addIfThere(object, "rejected_reward", score.rejectedReward);
    addIfThere(object, "margin", score.margin);
    return object;
}

Result<ScoreRequest> requestFrom(const Arguments& arguments)
{
    TRY(const TrainingOptions options, trainingOptionsFrom(arguments, "score"));
    if (arguments.has("beta") && !arguments.has("reference"))
        return wrongUse("--beta scales rewards, which need a --reference");
    ScoreRequest request;
    request.model = absolutePath(arguments.text("model"));
    request.data = absolutePath(arguments.text("data"));
    if (arguments.has("reference")) request.reference = absolutePath(arguments.text("reference"));
    request.cacheFolder = cacheFolder();
    TRY(request.beta, arguments.number("beta", request.beta, 0.0, 1000.0));
    request.batchSize = options.evalBatchSize;
    request.dtype = options.dtype;
    request.threads = options.threads;
    request.recipe = options.recipeOptions();
    request.chatTemplate = options.chatTemplate;
    return request;
}

std::vector<Reading> readingsOf(const ScoreRequest& request)
{
    std::vector<Reading> readings{{request.data, "the data"}, {request.model, "the model"}};
    if (request.reference) readings.push_back({*request.reference, "the reference model"});
    return readings;
}

// Totals for the closing line.
struct ScoreTotals {
    std::uint64_t pairs = 0;
    std::uint64_t chosenPreferred = 0;
    std::uint64_t ties = 0;
    bool hasReference = false;
    RowCounts rows;
    void add(const PairScore& score)
    {
        const double gain = score.margin.value_or(score.chosenLogProb - score.rejectedLogProb);
        if (gain > 0.0) ++chosenPreferred;
        if (gain == 0.0) ++ties;
        hasReference = score.margin.has_value();
        ++pairs;
    }
    std::string text() const
    {
        return "scored " + countText(pairs) + (pairs == 1 ? " pair; " : " pairs; ") + preferenceText() +
               leftOutEnding(rows) +
               (rows.tooLong == 0 ? "" : "; longer than the model was made for: " + countText(rows.tooLong));
    }
    /// What is compared is the whole answer's log-prob, or how much it gained on the reference's.
    std::string preferenceText() const
    {
        return std::string(hasReference ? "the chosen answer gained more on the reference than the rejected one in "
                                        : "the chosen answer is likelier in ") +
               countText(chosenPreferred) + " of " + countText(pairs) + (pairs == 1 ? " pair" : " pairs") +
               (ties == 0 ? "" : ", " + countText(ties) + (ties == 1 ? " tie" : " ties"));
    }
    Json json() const
    {
        Json event{{"event", "outcome"}, {"pairs", pairs},           {"chosen_preferred", chosenPreferred},
                   {"ties", ties},       {"too_long", rows.tooLong}, {"edit_notes", rows.editNotes}};
        addLeftOut(event, rows);
        return event;
    }
};

Result<ScoreTotals> scoreInto(Context& context, const ScoreRequest& request,
                              const std::function<Result<>(const Json&)>& write)
{
    ScoreTotals totals;
    Result<> written;
    std::stop_source enough;  // the user's stop, a closed pipe or a full disk
    const std::stop_callback forward(context.stops.polite(), [&enough] { enough.request_stop(); });
    const ScoreSink sink = [&](const PairScore& score) {
        if (!written || enough.stop_requested()) return;
        totals.add(score);
        written = write(scoreJson(score));
        if (!written || context.console.isClosed()) enough.request_stop();
    };
    const Result<RowCounts> scored =
        context.backend.score(request, sink, context.console.progressSink(), enough.get_token());
    context.console.clearProgress();
    if (!written) return tl::unexpected(written.error());
    if (!scored && !context.console.isClosed()) return tl::unexpected(scored.error());
    if (scored) totals.rows = *scored;
    return totals;
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TRY(ScoreRequest request, requestFrom(arguments));
    if (arguments.has("output")) TRY_VOID(checkTarget(absolutePath(arguments.text("output")), readingsOf(request)));
    std::unique_ptr<Project> project;
    if (arguments.has("project")) {
        TRY(project, openProjectToRead(context, arguments));
        request.editsOf = editsIn(*project);
    }
    TRY(request.columns, mappingFrom(arguments, project.get(), request.data));
    if (!arguments.has("output")) {
        const auto print = [&context](const Json& object) {
            context.console.jsonLine(object);
            return Result<>();
        };
        TRY(const ScoreTotals totals, scoreInto(context, request, print));
        // Beside the scores, which other programs read.
        printDoubts(context.console, totals.rows);
        // A reader that went away did not want all of them.
        if (!context.console.isClosed()) context.console.remark(totals.text());
        context.console.event(totals.json());
        return 0;
    }
    const std::filesystem::path target = absolutePath(arguments.text("output"));
    TRY(AtomicFile file, AtomicFile::create(target));
    TRY(const ScoreTotals totals,
        scoreInto(context, request, [&file](const Json& object) { return file.write(object.dump() + "\n"); }));
    TRY_VOID(file.commit());
    printDoubts(context.console, totals.rows);
    context.console.line(totals.text());
    context.console.line("written to " + target.string());
    Json event = totals.json();
    event["output"] = pathText(target);
    context.console.event(event);
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_score;
const CommandInfo command_cli_score{
    .id = "score",
    .summary = "Log-probs, rewards and margins of pairs under a model, as JSONL.",
    .description = "One JSON object a pair, in file order: tokens and summed log-probs (nats) of both answers, and, "
                   "with --reference, rewards and margin.",
    .examples = {"preflab-cli score --model trained --reference my-model --data pairs.jsonl --output scores.jsonl",
                 "preflab-cli score --model my-model --data pairs.jsonl | head -3"},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
