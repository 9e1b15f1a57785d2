// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a report's page besides charts, each as HTML.
#pragma once

#include "core/report/report_data.h"

#include <string>
#include <vector>

namespace preflab {

/// What the curves of the runs should worry a reader about, one note each; empty without such alarms.
std::string alarmNotes(const std::vector<ReportedRun>& runs);

/// One card a run: what was trained on what, how it ended, what it came to.
std::string runCards(const std::vector<ReportedRun>& runs);

/// heldout/* before and after with the change and the better direction; empty without held-out pairs.
std::string heldOutTable(const ReportInput& input, const std::vector<ReportedRun>& runs);

/// "<span>" with the run's line sample and label.
std::string runLabel(const ReportedRun& run);

}  // namespace preflab
