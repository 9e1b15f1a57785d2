// SPDX-License-Identifier: GPL-3.0-or-later
// The report of one run or of several side by side: one HTML file without scripts or outside resources, with curves
// as SVG, light and dark, fit to print. Every text from data, models and users is escaped.
#pragma once

#include "core/base/result.h"
#include "core/runs/backend.h"
#include "core/runs/run_log.h"
#include "core/runs/run_store.h"

#include <memory>
#include <string>
#include <vector>

namespace preflab {

/// One run of a report.
struct ReportRun {
    RunRecord record;
    std::shared_ptr<const RunLog> log;  ///< what is visible of it is shown; the run may still be going on
    ComponentDescription method;        ///< the record's method: titles, units and directions of its metrics
};

/// What a report is about.
struct ReportInput {
    std::string title;                  ///< empty: made from methods and data
    std::string created;                ///< shown as it is, e.g. timestampUtc()
    std::string program;                ///< "PrefLab 0.1.0"
    std::vector<ReportRun> runs;        ///< 1 to kMostReportRuns; the order decides colours and columns
    std::vector<MetricDescription> heldOutMetrics;  ///< of heldout/* where the methods' own lists lack them
};

/// More lines cannot be told apart by colour and dash.
inline constexpr std::size_t kMostReportRuns = 8;

/// The page as UTF-8 text; write it with writeFileAtomically. WrongUse without a run or with too many.
Result<std::string> renderReport(const ReportInput& input);

}  // namespace preflab
