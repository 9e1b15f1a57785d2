// SPDX-License-Identifier: GPL-3.0-or-later
// The contract's verbs.
#include "core/train/backend/torch_backend.h"

#include "core/model/model_folder.h"
#include "core/plan/memory.h"
#include "core/train/backend/catalog.h"
#include "core/train/backend/estimate.h"
#include "core/train/backend/parity.h"
#include "core/train/backend/run_setup.h"
#include "core/train/backend/score.h"
#include "core/train/backend/torch_border.h"
#include "core/train/engine/readable_engine.h"
#include "core/train/inspect.h"
#include "core/train/loop/run_clock.h"
#include "core/train/loop/run_reporter.h"
#include "core/train/loop/train_loop.h"
#include "core/train/sample.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace preflab {
namespace {

/// What the preparation found, with the hashes that the run store keeps. `counts` goes with the first note.
void noteSetup(const PreparedRun& run, const std::string& modelHash, RunReporter& reporter)
{
    const RunSources sources{run.data.contentHash, modelHash, run.journalPosition, run.heldOutHash,
                             run.heldOutPosition};
    // There is always a note on what is trained on.
    for (const std::string& note : run.notes) {
        const bool isFirst = &note == &run.notes.front();
        reporter.note(RunEvent::Kind::Note, 0, note, isFirst ? run.counts : Json(),
                      isFirst ? std::optional(sources) : std::nullopt);
    }
    for (const RunWarning& warning : run.warnings)
        reporter.note(RunEvent::Kind::Warning, 0, warning.text, warning.data);
}

Result<Outcome> trainGuarded(const RunSpec& spec, const RunFolders& folders, const RunData& data, RunClock& clock,
                             RunReporter& reporter)
{
    TRY(const RunSetup setup, prepareSetup(spec, folders, data, reporter.progressSink(), clock.stopToken()));
    TRY_VOID(checkMemory(setup.memory.total()));
    reporter.beginPhase("Loading the model", 0);
    TRY(TrainingJob job, makeJob(setup, spec, folders));
    noteSetup(*setup.prepared, job.modelHash, reporter);
    LoopObserver nobody;
    return runTrainingLoop(job, clock, reporter, nobody);
}

/// Requests may be served on a run's thread, between two of its steps: the run keeps its thread count, if the system still
/// gives it so many threads.
class ThreadCountKeeper {
public:
    ThreadCountKeeper() = default;
    ~ThreadCountKeeper()
    {
        if (at::get_num_threads() != m_threads) (void)allowThreads(m_threads);
    }
    ThreadCountKeeper(const ThreadCountKeeper&) = delete;
    ThreadCountKeeper& operator=(const ThreadCountKeeper&) = delete;

private:
    int m_threads = at::get_num_threads();
};

/// Weights, the pass over the prompt, and keys and values of prompt and answer.
Result<MemoryParts> memoryOf(const GenerateRequest& request, const ModelFolder& model, const Tokenizer& tokenizer,
                             Precision precision)
{
    TRY(const TokenIds prompt, tokenizer.encode(request.prompt, SpecialTokens::Default));
    MemoryQuestion question{model.decoder, parameterCount(model.weights), precision};
    question.sequences = 1;
    question.longest = std::ssize(prompt);
    question.isTraining = false;
    const std::int64_t room = std::max<std::int64_t>(0, model.decoder.maxPositions - question.longest);
    question.cachedTokens = question.longest + std::clamp<std::int64_t>(request.maxNewTokens, 0, room);
    return predictMemory(question);
}

Result<> generateGuarded(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop)
{
    const ThreadCountKeeper keeper;
    TRY(const Placement placement, Placement::of(request.dtype, request.threads));
    TRY_VOID(applyThreads(placement.threads));
    TRY(const ModelFolder model, ModelFolder::open(request.model));
    TRY(const TextModel text, TextModel::open(model));
    TRY(const MemoryParts memory, memoryOf(request, model, *text.tokenizer, placement.precision));
    TRY_VOID(checkRequestMemory(memory));
    TRY(const DecoderWeights weights, DecoderWeights::load(model, placement, /*isTrainable=*/false));
    TRY(const GenerationEnd end, generateText(*makeReadableEngine(weights), text, request.prompt,
                                              sampleOptions(request), sink, std::move(stop)));
    if (request.onEnd) request.onEnd(end);
    return {};
}

}  // namespace

std::vector<ComponentDescription> TorchBackend::describeComponents() const
{
    return describeTables();
}

Result<ModelReport> TorchBackend::inspectModel(const std::filesystem::path& path) const
{
    return guarded([&] { return inspectModelFolder(path); });
}

Result<Estimate> TorchBackend::estimate(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                                        const ProgressSink& progress, std::stop_token stop)
{
    return guarded([&] { return estimateRun(spec, folders, data, progress, stop); });
}

Result<std::vector<double>> TorchBackend::curve(const std::string& method, const ParamValues& params,
                                                const std::vector<double>& margins) const
{
    TRY(const MethodInfo* const info, findMethod(method));
    TRY(const ParamValues completed, completeParams(params, method, info->params(), info->defaults));
    std::vector<double> values;
    for (const double margin : margins) {
        TRY(values.emplace_back(), methodCurve(*info, completed, margin));
    }
    return values;
}

Outcome TorchBackend::train(const RunSpec& spec, const RunFolders& folders, const RunData& data, RunControl& control,
                            RunLog& log)
{
    RunClock clock(control, log, folders.run);
    RunReporter reporter(clock, log);
    Result<Outcome> outcome = guarded([&] { return trainGuarded(spec, folders, data, clock, reporter); });
    if (outcome) return *std::move(outcome);
    if (outcome.error().code == ErrorCode::Cancelled) return Cancelled{0};
    return Failed{std::move(outcome).error()};
}

Result<> TorchBackend::generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop)
{
    return guarded([&] { return generateGuarded(request, sink, stop); });
}

Result<RowCounts> TorchBackend::score(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                                      std::stop_token stop)
{
    const ThreadCountKeeper keeper;
    return guarded([&] { return scorePairs(request, sink, progress, stop); });
}

Result<ParityReport> TorchBackend::parity(const ParityRequest& request, std::stop_token stop)
{
    return guarded([&] { return runParity(request, stop); });
}

}  // namespace preflab
