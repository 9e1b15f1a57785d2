// SPDX-License-Identifier: GPL-3.0-or-later
// Looks before it computes.
#include "core/train/loop/reference_cache.h"

#include <ATen/Parallel.h>

#include <utility>

namespace preflab {

Result<ReferenceLogProbs> cachedReference(Engine& engine, const TrainingJob& job, const Objective& objective,
                                          const BatchPlan& plan, RunReporter& reporter)
{
    const auto compute = [&] {
        return computeReference(engine, objective, *job.train, plan, reporter.tick("Reference"));
    };
    if (job.folders.cache.empty()) return compute();
    const auto file =
        referenceFile(job.folders.cache, {job.modelHash, job.dataKey, objective.answerKey(), job.options.dtype,
                                          job.options.batchPlan(job.train->size()), at::get_num_threads()});
    auto cached = ReferenceLogProbs::load(file, job.train->size());
    if (cached && coversFirstEpoch(*cached, plan)) return *std::move(cached);
    TRY(ReferenceLogProbs computed, compute());
    if (const auto saved = computed.save(file); !saved)
        reporter.note(RunEvent::Kind::Warning, 0, "Reference log-probs were not cached: " + sentence(saved.error()));
    return computed;
}

}  // namespace preflab
