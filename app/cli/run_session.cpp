// SPDX-License-Identifier: GPL-3.0-or-later
// Orders, follows and sums up a run.
#include "app/cli/run_session.h"

#include "app/cli/project_readings.h"
#include "app/cli/run_flags.h"
#include "app/cli/run_printer.h"
#include "app/cli/summary_text.h"
#include "core/base/held_folder.h"
#include "core/base/system.h"
#include "core/data/journal/edited_dataset.h"
#include "core/project/path_text.h"
#include "core/runs/comparison.h"
#include "core/runs/prepare.h"
#include "core/runs/run_phases.h"
#include "core/runs/trained_model.h"
#include "core/text/row_counts.h"

#include <chrono>

namespace preflab {

namespace {

constexpr auto kNewsTimeout = std::chrono::milliseconds(100);

// "learning_rate 5e-05, beta 0.2": what differs from the method's defaults.
std::string differences(const RunSpec& spec, const ComponentDescription& method)
{
    ParamValues defaults = defaultsOf(trainingParams());
    for (const auto& [key, value] : defaultsOf(method.params)) defaults[key] = value;
    for (const auto& [key, value] : method.defaults) defaults[key] = value;
    std::string text;
    for (const auto& [key, value] : spec.params) {
        if (const auto found = defaults.find(key); found != defaults.end() && found->second == value) continue;
        text += (text.empty() ? "" : ", ") + key + " " + toText(value);
    }
    return text.empty() ? "all at their defaults" : text;
}

std::string modelLine(const ModelReport& model)
{
    return model.path.string() + " (" + model.architecture + ", " + countText(std::uint64_t(model.parameters)) +
           " parameters, " + model.dtype + ")";
}

std::string dataLine(const EditedDataset& opened)
{
    const Dataset& data = opened.data;
    RowCounts counts{.used = opened.used.size(), .excluded = opened.excludedRows()};
    counts.unreadable = data.findings.badRows;
    std::string text = data.path.string() + " (" + countText(counts.used) + (counts.used == 1 ? " row, " : " rows, ");
    text += data.layoutTitle;
    if (data.isTranscript) text += ", transcripts";
    if (!data.mapping.isPlain()) text += "; " + mappingText(data.mapping);
    const std::string reasons = leftOutText(counts);
    return text + (reasons.empty() ? "" : "; left out: " + reasons) + ")";
}

std::string settingText(const RunSpec& spec, const ComponentDescription& method, const std::string& key)
{
    if (const auto given = spec.params.find(key); given != spec.params.end()) return toText(given->second);
    if (const auto own = method.defaults.find(key); own != method.defaults.end()) return toText(own->second);
    const ParamSpec* param = findParam(trainingParams(), key);
    return param == nullptr ? "" : toText(param->defaultValue);
}

Result<std::shared_ptr<const EditedDataset>> openData(Context& context, const std::filesystem::path& path,
                                                      const DatasetOptions& options, Project* project)
{
    TRY(EditedDataset opened, openEditedDataset(path, options, project ? editsIn(*project) : EditSource(),
                                                context.console.progressSink(), context.stops.polite()));
    TRY_VOID(opened.checkUsed());
    return std::make_shared<const EditedDataset>(std::move(opened));
}

Result<std::shared_ptr<const EditedDataset>> openHeldOutData(Context& context, const RunSpec& spec, SplitRule split,
                                                             Project* project)
{
    auto opened = openData(context, *spec.evalData, {{}, spec.heldOutColumns(), {}, split}, project);
    if (!opened && opened.error().code == ErrorCode::ColumnMissing) opened.error().arguments["option"] = "--eval-map";
    return opened;
}

// Prints a run's news until it is over and everything of it was read.
class Follower {
public:
    Follower(Context& context, Run& run, Show show)
        : m_console(context.console), m_run(run), m_show(show), m_printer(context.console, run.id())
    {
    }

    /// Returns the seconds from the beginning of the following to the first stored step.
    double follow()
    {
        const auto start = std::chrono::steady_clock::now();
        double secondsToFirstStep = 0.0;
        for (;;) {
            const bool wasOver = m_run.isOver();
            const auto timeout = wasOver ? std::chrono::milliseconds(0) : kNewsTimeout;
            const RunNews news = m_run.log().waitForNews(m_cursor, timeout);
            if (secondsToFirstStep == 0.0 && !news.metrics.empty() && news.metrics.back().step > 0)
                secondsToFirstStep = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            if (m_show == Show::All) m_printer.print(news, m_run.log());
            warnOfStorage();
            if (wasOver && news.metrics.empty() && news.events.empty()) return secondsToFirstStep;
            if (!wasOver) m_console.progress(m_run.log().progress());
        }
    }

private:
    // Training goes on while the disk is full; what could not be stored is tried again.
    void warnOfStorage()
    {
        const std::optional<Error> error = m_run.log().storeError();
        const std::string text = error ? storageText(*error) : std::string();
        if (text == m_warned) return;
        m_warned = text;
        if (text.empty()) return;
        m_console.line("warning: " + text);
        m_console.event({{"event", "warning"}, {"run", m_run.id()}, {"text", text}});
    }

    // What becomes of the run comes first. What it says itself is not read while nothing of it can be stored.
    std::string storageText(const Error& error) const
    {
        if (error.code == ErrorCode::ProjectGone) return sentence(error);
        if (m_run.log().progress().phase == kWaitingToSave) return std::string(kWaitsToSave) + " " + sentence(error);
        return "The run goes on and stores its steps as soon as it can (Ctrl+C or SIGTERM ends it): " + sentence(error);
    }

    Console& m_console;
    Run& m_run;
    Show m_show;
    RunPrinter m_printer;
    RunCursor m_cursor;
    std::string m_warned;
};

Json outcomeJson(const RunResult& result, const RunLog& log)
{
    Json object{{"event", "outcome"}, {"run", result.id}, {"outcome", std::string(outcomeId(result.outcome))}};
    if (const auto* finished = std::get_if<Finished>(&result.outcome)) object["steps"] = finished->steps;
    if (const auto* cancelled = std::get_if<Cancelled>(&result.outcome)) object["steps"] = cancelled->steps;
    if (const auto* failed = std::get_if<Failed>(&result.outcome)) object["reason"] = sentence(failed->error);
    object["folder"] = result.folder ? Json(pathText(*result.folder)) : Json();
    object["checkpoint"] = result.checkpoint ? Json(pathText(*result.checkpoint)) : Json();
    object.update(summaryJson(log));
    return object;
}

void printSummary(Context& context, const RunResult& result, const std::string& method)
{
    Console& console = context.console;
    const RunLog& log = result.run->log();
    printFindings(console, result.id, log, methodOrUnknown(context.backend, method));
    console.event(outcomeJson(result, log));
    if (const auto heldOut = heldOutBeforeAfter(log); !heldOut.empty()) {
        console.line();
        console.text(heldOutTable(heldOut).text());
        console.line(heldOutLegend(heldOut));
    }
    printSamples(console, log);
    console.line();
    console.line("run         " + result.id + ", " + std::string(outcomeId(result.outcome)));
    if (result.folder) console.line("stored in   " + result.folder->string());
    if (result.checkpoint) console.line("checkpoint  " + result.checkpoint->string());
}

}  // namespace

Result<OpenedOrder> openOrder(Context& context, const RunSpec& spec, Project* project)
{
    OpenedOrder order;
    TRY(order.method, describeMethod(context.backend, spec.method));
    const ComponentDescription& method = order.method;
    TRY(order.model, context.backend.inspectModel(spec.model));
    TRY(order.params, completeParams(spec.params, method.id, method.params, method.defaults));
    TRY(const TrainingOptions options, trainingOptions(order.params));
    TRY(order.data.emplace_back(), openData(context, spec.data, {{}, spec.columns, {}, options.split}, project));
    const RecipeInfo* recipe = findRecipe(method.recipe);
    if (recipe != nullptr && recipe->needsRejected) TRY_VOID(checkHoldsPairs(order.data.front()->data));
    if (spec.evalData) {
        TRY(order.data.emplace_back(), openHeldOutData(context, spec, options.split, project));
    }
    context.console.clearProgress();
    if (context.stops.isRequested()) return fail(ErrorCode::Cancelled);
    return order;
}

Result<OpenedData> announceRun(Context& context, const RunSpec& spec, Project* project)
{
    TRY(OpenedOrder order, openOrder(context, spec, project));
    const ComponentDescription& method = order.method;
    const Dataset& data = order.data.front()->data;
    const std::string paper = method.paper.empty() ? "" : " (" + method.paper + ")";
    context.console.line("method      " + method.title + paper);
    context.console.line("model       " + modelLine(order.model));
    context.console.line("data        " + dataLine(*order.data.front()));
    if (spec.evalData) context.console.line("held out    " + dataLine(*order.data.back()));
    context.console.line("settings    " + differences(spec, method));
    std::string reading = "dtype " + settingText(spec, method, "dtype");
    if (data.isPromptImplicit) reading += ", prompt split " + settingText(spec, method, "split");
    if (data.isConversational) reading += ", messages rendered as " + settingText(spec, method, "rendering");
    context.console.line("reading     " + reading);
    return std::move(order.data);
}

Result<RunResult> executeRun(Context& context, Project& project, RunQueue& queue, const RunSpec& spec,
                             OpenedData opened, Show show)
{
    TRY(std::shared_ptr<Run> run, queue.start(spec, std::move(opened)));
    const HeldFolder folder(project.runFolder(run->id()));
    RunResult result{run->id(), Finished{}, std::nullopt, std::nullopt, run, 0.0};
    if (show == Show::All)
        context.console.event(
            {{"event", "run"}, {"run", run->id()}, {"project", pathText(project.folder())}, {"spec", specJson(spec)}});
    {
        RunControl& control = run->control();
        // Urgent first: when both were asked for already, nothing may be saved in between.
        const std::stop_callback atOnce(context.stops.urgent(), [&control] { control.cancel(); });
        const std::stop_callback politely(context.stops.polite(), [&control] { control.stopAndSave(); });
        result.secondsToFirstStep = Follower(context, *run, show).follow();
        result.outcome = run->wait();
    }
    // What is there, not what the log says: a folder may have been taken away since, or be another project's by now.
    if (!folder.isGone()) {
        result.folder = folder.path();
        if (const auto model = trainedModelOf(folder.path())) result.checkpoint = model->folder;
    }
    context.console.clearProgress();
    if (show == Show::All) printSummary(context, result, spec.method);
    return result;
}

Result<> outcomeResult(const Outcome& outcome)
{
    if (const auto* failed = std::get_if<Failed>(&outcome)) return tl::unexpected(failed->error);
    if (std::holds_alternative<Cancelled>(outcome)) return fail(ErrorCode::Cancelled);
    return {};
}

}  // namespace preflab
