// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a report's page that are read one by one: sample answers and settings, as HTML.
#pragma once

#include "core/report/report_data.h"

#include <string>
#include <vector>

namespace preflab {

/// Answers to the sample prompts, before and after of every run side by side; empty without samples.
std::string sampleAnswers(const std::vector<ReportedRun>& runs);

/// All settings; of several runs the differing ones first.
std::string settings(const std::vector<ReportedRun>& runs);

}  // namespace preflab
