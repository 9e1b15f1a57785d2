// SPDX-License-Identifier: GPL-3.0-or-later
// One timed run.
#pragma once

#include "app/cli/command.h"
#include "core/runs/run_spec.h"

#include <cstdint>
#include <filesystem>

namespace preflab {

/// What a run took.
struct BenchMeasurement {
    double secondsToFirstStep = 0.0;   ///< from the order to the first stored step
    double secondsPerStep = 0.0;       ///< from the second step on
    double pairTokensPerSecond = 0.0;  ///< tokens of both sequences of the pairs of those steps
    double pairsPerSecond = 0.0;
    std::uint64_t peakMemory = 0;  ///< bytes of resident memory during the run
    std::int64_t steps = 0;
};

/// Trains `spec` in a project of its own below `folder` and measures it. Needs two steps at least.
Result<BenchMeasurement> benchRun(Context& context, const std::filesystem::path& folder, const RunSpec& spec);

}  // namespace preflab
