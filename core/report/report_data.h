// SPDX-License-Identifier: GPL-3.0-or-later
// Runs as reports look at them: labels, completed settings, curves, answers and notes taken out of record and log.
#pragma once

#include "core/report/report.h"
#include "core/report/report_scale.h"
#include "core/runs/sample_answers.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One run, read once.
struct ReportedRun {
    RunRecord record;
    ComponentDescription method;
    std::string label;   ///< short and unique: "DPO", or the run's name where methods repeat
    std::string style;   ///< "series-1" …: the run's colour and dash in every chart
    ParamValues params;  ///< completed where the method is known
    ParamValues defaults;
    std::shared_ptr<const RunLog> log;
    std::vector<SampleAnswer> samples;
    std::vector<std::string> notes;
    std::vector<std::string> warnings;
    std::vector<std::string> alarms;  ///< sentences on what its curves say (core/runs/run_findings.h)
    Json counts;                      ///< PreparedRun::counts, if the log has them
    double seconds = 0.0;
    std::int64_t lastStep = 0;

    /// One metric's finite values in order of steps.
    ChartPoints points(std::string_view metric) const;
};

/// Every run of a report, read once, with unique labels.
std::vector<ReportedRun> reportedRuns(const ReportInput& input);

/// Title, unit and direction of a metric as the method of `run` (if not null) describes it, else as any run's does; a
/// metric that nobody describes goes by its key.
MetricDescription describe(const ReportInput& input, std::string_view metric, const ReportedRun* run = nullptr);

/// True for several runs whose differences come from what was changed on purpose.
bool areMatched(const ReportInput& input);

/// Whether the run was trained on pairs, and not on texts or prompts with completions.
bool arePairs(const ReportedRun& run);

/// The title of a parameter as forms show it.
const ParamSpec* paramSpec(const ReportedRun& run, std::string_view key);

}  // namespace preflab
