// SPDX-License-Identifier: GPL-3.0-or-later
// A run's log as lines or JSON objects, step by step, each only after its commit.
#pragma once

#include "app/cli/console.h"
#include "core/runs/run_findings.h"
#include "core/runs/run_log.h"

#include <cstdint>
#include <string>

namespace preflab {

/// A number as JSON has it: what is not finite becomes a text ("nan", "inf", "-inf").
Json numberJson(double value);

/// Prints the news of one run.
class RunPrinter {
public:
    /// `run` names the run in JSON objects. `totalSteps` spaces the lines; 0: as soon as the log's
    /// progress says how many, until then every step is a line.
    explicit RunPrinter(Console& console, std::string run, std::int64_t totalSteps = 0)
        : m_console(console), m_run(std::move(run)), m_totalSteps(totalSteps)
    {
    }
    void print(const RunNews& news, const RunLog& log);

private:
    void printRow(const MetricRow& row, const RunLog& log);
    void printEvent(const RunEvent& event);
    void sendRow(const MetricRow& row, const std::vector<std::string>& names);

    Console& m_console;
    std::string m_run;
    std::int64_t m_totalSteps = 0;
};

/// A finding as --json has it: "kind", "is_alarm", "from", "to", "value", "text".
Json findingJson(const RunFinding& finding);

/// What the curves of a run tell (core/runs/run_findings.h), a line each.
void printFindings(Console& console, const std::string& run, const RunLog& log, const ComponentDescription& method);

}  // namespace preflab
