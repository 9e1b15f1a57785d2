// SPDX-License-Identifier: GPL-3.0-or-later
// preflab-cli bench: how fast runs are on this machine, by the code that users run.
#include "app/cli/bench_run.h"
#include "app/cli/command.h"
#include "app/cli/map_flag.h"
#include "app/cli/run_flags.h"
#include "app/cli/run_session.h"
#include "app/cli/text_table.h"
#include "core/base/scratch_folder.h"
#include "core/base/system.h"

#include <cstdio>

namespace preflab {

namespace {

constexpr std::int64_t kSteps = 20;

std::vector<Flag> flags(const Backend&)
{
    std::vector<Flag> all{
        {.name = "model", .valueName = "DIR", .help = "Model to train.", .isRequired = true},
        {.name = "data", .valueName = "FILE", .help = "Preference pairs.", .isRequired = true},
        mapFlag(),
        {.name = "max-steps",
         .valueName = "N",
         .help = "Steps of each method, the first one not timed for speed.",
         .defaultText = std::to_string(kSteps)},
    };
    for (Flag& flag : trainingFlags({"per_device_train_batch_size", "max_length", "dtype", "threads"}))
        all.push_back(std::move(flag));
    return all;
}

Result<RunSpec> specFrom(const Arguments& arguments, const Backend& backend, const std::string& method)
{
    RunSpec spec;
    spec.method = method;
    spec.model = absolutePath(arguments.text("model"));
    spec.data = absolutePath(arguments.text("data"));
    TRY(spec.columns, mappingFrom(arguments));
    spec.usableBy = matchedRecipes();
    TRY(spec.params, parametersFrom(arguments, backend, method));
    TRY(const std::int64_t steps, arguments.integer("max-steps", kSteps, 2, 1'000'000));
    spec.params["max_steps"] = steps;
    return spec;
}

std::string fixed(double value, int decimals)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

Json measurementJson(const std::string& method, const BenchMeasurement& measured)
{
    return {{"event", "bench"},
            {"method", method},
            {"seconds_to_first_step", measured.secondsToFirstStep},
            {"seconds_per_step", measured.secondsPerStep},
            {"pair_tokens_per_second", measured.pairTokensPerSecond},
            {"pairs_per_second", measured.pairsPerSecond},
            {"peak_memory_bytes", measured.peakMemory},
            {"steps", measured.steps}};
}

Result<int> run(Context& context, const Arguments& arguments)
{
    TextTable table({"method", "start to first step", "pair-tokens/s", "pairs/s", "per step", "peak memory"});
    for (const std::string& method : matchedRecipes()) {
        TRY(const RunSpec spec, specFrom(arguments, context.backend, method));
        TRY(const ScratchFolder scratch, ScratchFolder::create());
        TRY(const BenchMeasurement measured, benchRun(context, scratch.path(), spec));
        context.console.event(measurementJson(method, measured));
        table.add({method, fixed(measured.secondsToFirstStep, 2) + " s", fixed(measured.pairTokensPerSecond, 0),
                   fixed(measured.pairsPerSecond, 1), fixed(1000.0 * measured.secondsPerStep, 1) + " ms",
                   byteText(measured.peakMemory)});
    }
    context.console.text(table.text());
    return 0;
}

}  // namespace

extern const CommandInfo command_cli_bench;
const CommandInfo command_cli_bench{
    .id = "bench",
    .summary = "Measure start-up, speed and memory of DPO and ORPO here.",
    .description = "Trains both methods on the same rows, in a scratch project that is removed, and prints the time "
                   "from the order to the first stored step, the tokens of both answers with their prompts trained "
                   "a second from the second step on, and the peak of resident memory. Starts with an empty cache.",
    .examples = {"preflab-cli bench --model my-model --data pairs.jsonl --max-steps 50"},
    .flags = &flags,
    .run = &run,
};

}  // namespace preflab
