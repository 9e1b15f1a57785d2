// SPDX-License-Identifier: GPL-3.0-or-later
// Preparing a training job.
#include "core/train/backend/run_setup.h"

#include "core/plan/memory.h"
#include "core/train/backend/catalog.h"
#include "core/train/backend/torch_border.h"

#include <algorithm>
#include <utility>

namespace preflab {
namespace {

MemoryParts predictedMemory(const PreparedRun& run, const MethodInfo& method, Precision precision)
{
    const auto sequencesOf = [](std::int64_t batch, const PairSource& source, bool hasRejected) {
        return std::min<std::int64_t>(batch, source.size()) * (hasRejected ? 2 : 1);
    };
    MemoryQuestion question;
    question.decoder = run.model.decoder;
    question.parameters = parameterCount(run.model.weights);
    question.precision = precision;
    question.sequences = sequencesOf(run.options.batchSize, *run.train, method.hasRejected);
    question.longest = longestSequence(*run.train);
    const auto addEvaluation = [&](const PairSource* source, bool hasRejected) {
        if (!source || source->size() == 0) return;
        const std::int64_t sequences = sequencesOf(run.options.evalBatchSize, *source, hasRejected);
        question.evalSequences = std::max(question.evalSequences, sequences);
        question.evalLongest = std::max<std::int64_t>(question.evalLongest, longestSequence(*source));
    };
    addEvaluation(run.eval.get(), method.hasRejected);
    addEvaluation(run.heldOut.get(), true);
    MemoryParts parts = predictMemory(question);
    if (method.needsReference) parts.reference = run.train->size() * 2 * sizeof(double);
    return parts;
}

}  // namespace

Result<RunSetup> prepareSetup(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                              const ProgressSink& progress, std::stop_token stop)
{
    RunSetup setup;
    TRY(setup.method, findMethod(spec.method));
    TRY(PreparedRun prepared,
        prepareRun(spec, describeMethod(*setup.method), folders, data, progress, std::move(stop)));
    setup.prepared = std::make_shared<PreparedRun>(std::move(prepared));
    TRY(setup.placement, Placement::of(setup.prepared->options.dtype, setup.prepared->options.threads));
    TRY_VOID(applyThreads(setup.placement.threads));
    setup.memory = predictedMemory(*setup.prepared, *setup.method, setup.placement.precision);
    return setup;
}

Result<TrainingJob> makeJob(const RunSetup& setup, const RunSpec& spec, const RunFolders& folders)
{
    const PreparedRun& run = *setup.prepared;
    TrainingJob job;
    job.method = setup.method;
    job.params = run.params;
    job.options = run.options;
    job.train = run.train;
    job.eval = run.eval;
    job.heldOut = run.heldOut;
    job.rows = run.data.rows;
    job.model = &run.model;
    job.text = &run.text;
    TRY(job.weights, DecoderWeights::load(run.model, setup.placement, /*isTrainable=*/true));
    job.modelHash = job.weights.sourceHash;
    job.folders = folders;
    job.dataKey = run.dataKey;
    job.samplePrompts = spec.samplePrompts;
    return job;
}

}  // namespace preflab
