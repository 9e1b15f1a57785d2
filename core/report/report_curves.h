// SPDX-License-Identifier: GPL-3.0-or-later
// Which curves a report shows, what stands beside each and what to look for in it.
#pragma once

#include "core/report/report_chart.h"
#include "core/report/report_data.h"

#include <vector>

namespace preflab {

/// Charts of heldout/*, on which all runs may be compared.
std::vector<Chart> heldOutCharts(const ReportInput& input, const std::vector<ReportedRun>& runs);

/// Charts of what the runs of one method log while training. Losses and rewards of different methods have different
/// units, so `runs` must share one.
std::vector<Chart> trainingCharts(const ReportInput& input, const std::vector<ReportedRun>& runs);

}  // namespace preflab
