// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values; metric names and numbers need no quotes.
#include "app/cli/curves.h"

#include <array>
#include <charconv>

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
    RunCursor cursor;
    for (const MetricRow& row : log.news(cursor).metrics) {
        std::vector<std::string> cells(names.size());
        for (const Metric& metric : row.values) cells[metric.name] = exact(metric.value);
        csv += std::to_string(row.step) + "," + exact(row.seconds);
        for (const std::string& cell : cells) csv += "," + cell;
        csv += "\n";
    }
    return csv;
}

}  // namespace preflab
