// SPDX-License-Identifier: GPL-3.0-or-later
// A run's curves as a table for other programs.
#pragma once

#include "core/runs/run_log.h"

#include <string>

namespace preflab {

/// CSV: step, seconds (when the step's last number came) and every metric; a row a step, empty where a metric was not
/// measured. Numbers round-trip.
std::string curvesCsv(const RunLog& log);

}  // namespace preflab
