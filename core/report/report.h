// SPDX-License-Identifier: GPL-3.0-or-later
// The report of one run or of several side by side: one HTML file without scripts or outside resources, with curves
// as SVG, light and dark, fit to print. Every text from data, models and users is escaped.
#pragma once

#include "core/base/result.h"
#include "core/runs/comparison.h"

#include <string>
#include <vector>

namespace preflab {

/// What a report is about.
struct ReportInput {
    std::string title;                              ///< empty: made from methods and data
    std::string created;                            ///< shown as it is, e.g. timestampUtc()
    std::string program;                            ///< "PrefLab 0.1.0"
    std::vector<ComparedRun> runs;                  ///< 1 to kMostReportRuns; the order decides colours and columns
    std::vector<MetricDescription> heldOutMetrics;  ///< of heldout/* where the methods' own lists lack them
};

/// More lines cannot be told apart by colour and dash.
inline constexpr std::size_t kMostReportRuns = 8;

/// The page as UTF-8 text; write it with writeFileAtomically. WrongUse without a run or with too many.
Result<std::string> renderReport(const ReportInput& input);

}  // namespace preflab
