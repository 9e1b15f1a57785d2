// SPDX-License-Identifier: GPL-3.0-or-later
// A run's numbers as a table: one row a step.
#pragma once

#include "core/runs/run_log.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace preflab {

/// All numbers of one step; those of an evaluation stand beside those of the step it followed.
struct CurvePoint {
    std::int64_t step = 0;
    double seconds = 0.0;  ///< since the run started, pauses left out
    std::map<std::string, double> values;
};

/// The committed rows of a log by step, in order.
std::vector<CurvePoint> curvePoints(const RunLog& log);

/// The same as CSV: a header with the log's metric names, numbers that read back as the same doubles.
std::string curvesCsv(const RunLog& log);

}  // namespace preflab
