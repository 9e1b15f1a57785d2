// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values; metric names and numbers need no quotes.
#include "core/runs/curves_csv.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <vector>

namespace preflab {

namespace {

// The shortest text that reads back as the same double.
std::string exact(double value)
{
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

}  // namespace

std::string curvesCsv(const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    std::string csv = "step,seconds";
    for (const std::string& name : names) csv += "," + name;
    csv += "\n";
    // An evaluation is logged after the step it belongs to; a table has one row for both.
    std::map<std::int64_t, std::vector<std::string>> steps;
    RunCursor cursor;
    for (const MetricRow& row : log.news(cursor).metrics) {
        std::vector<std::string>& cells = steps[row.step];
        cells.resize(names.size() + 1);
        cells.front() = exact(row.seconds);
        for (const Metric& metric : row.values) cells[metric.name + 1U] = exact(metric.value);
    }
    for (const auto& [step, cells] : steps) {
        csv += std::to_string(step);
        for (const std::string& cell : cells) csv += "," + cell;
        csv += "\n";
    }
    return csv;
}

}  // namespace preflab
