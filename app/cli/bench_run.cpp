// SPDX-License-Identifier: GPL-3.0-or-later
// Runs as `train` does, and counts the tokens of the pairs that the steps saw.
#include "app/cli/bench_run.h"

#include "app/cli/run_flags.h"
#include "app/cli/run_session.h"
#include "core/base/system.h"
#include "core/runs/batch_plan.h"
#include "core/runs/prepare.h"

#include <cstdlib>
#include <fstream>

namespace preflab {

namespace {

// Linux resets the peak of resident memory when told so; without that it is the process's so far.
void resetPeakMemory()
{
    std::ofstream("/proc/self/clear_refs") << "5";
}

struct PairCount {
    std::uint64_t pairs = 0;
    std::uint64_t tokens = 0;
};

// Pairs and tokens of steps 2 .. `steps`.
PairCount countPairs(const PreparedRun& prepared, std::int64_t steps)
{
    const BatchPlan plan(prepared.options.batchPlan(prepared.train->size()));
    PairCount count;
    for (std::int64_t step = 2; step <= steps; ++step) {
        for (const auto& batch : plan.batchesOf(step).microBatches) {
            for (const std::uint32_t index : batch) {
                const PairLength length = prepared.train->length(index);
                count.tokens += length.chosen + length.rejected;
                ++count.pairs;
            }
        }
    }
    return count;
}

Result<PairCount> countTrainedPairs(Context& context, const std::filesystem::path& folder, const RunSpec& spec,
                                    std::int64_t steps)
{
    TRY(const ComponentDescription method, describeMethod(context.backend, spec.method));
    TRY(const PreparedRun prepared, prepareRun(spec, method, {folder / "count", cacheFolder()}, {},
                                               context.console.progressSink(), context.stops.polite()));
    return countPairs(prepared, steps);
}

// Seconds between the first and the last step, and the last step.
std::pair<double, std::int64_t> timedSteps(const RunLog& log)
{
    RunCursor cursor;
    double first = -1.0;
    double last = 0.0;
    std::int64_t steps = 0;
    for (const MetricRow& row : log.news(cursor).metrics) {
        if (row.step < 1) continue;
        if (first < 0.0) first = row.seconds;
        if (row.step > steps) last = row.seconds;
        steps = row.step;
    }
    return {last - first, steps};
}

}  // namespace

Result<BenchMeasurement> benchRun(Context& context, const std::filesystem::path& folder, const RunSpec& spec)
{
    // An empty cache: neither converted data nor reference log-probs of an earlier run.
    ::setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
    resetPeakMemory();
    TRY(const std::unique_ptr<Project> project, Project::open(folder / "project"));
    RunQueue queue(context.backend, *project);
    TRY(const RunResult result, executeRun(context, *project, queue, spec, {}, Show::Progress));
    TRY_VOID(outcomeResult(result.outcome));

    BenchMeasurement measured;
    measured.peakMemory = peakResidentMemory();
    measured.secondsToFirstStep = result.secondsToFirstStep;
    const auto [seconds, steps] = timedSteps(result.run->log());
    measured.steps = steps;
    if (steps < 2 || seconds <= 0.0)
        return fail(ErrorCode::WrongUse, {{"reason", "bench needs data for two steps at least"}});
    TRY(const PairCount count, countTrainedPairs(context, folder, spec, steps));
    measured.secondsPerStep = seconds / double(steps - 1);
    measured.pairTokensPerSecond = double(count.tokens) / seconds;
    measured.pairsPerSecond = double(count.pairs) / seconds;
    return measured;
}

}  // namespace preflab
