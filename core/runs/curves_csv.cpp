// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values.
#include "core/runs/curves_csv.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <utility>
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

// Names come from the engine, but a damaged project may hold any.
std::string quoted(const std::string& name)
{
    if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
    std::string text = "\"";
    for (const char letter : name) text += letter == '"' ? "\"\"" : std::string(1, letter);
    return text + "\"";
}

}  // namespace

std::vector<CurvePoint> curvePoints(const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    std::map<std::int64_t, CurvePoint> points;
    RunCursor cursor;
    for (const MetricRow& row : log.news(cursor).metrics) {
        CurvePoint& point = points[row.step];
        point.step = row.step;
        point.seconds = row.seconds;
        for (const Metric& metric : row.values) point.values[names[metric.name]] = metric.value;
    }
    std::vector<CurvePoint> ordered;
    for (auto& [step, point] : points) ordered.push_back(std::move(point));
    return ordered;
}

std::string curvesCsv(const RunLog& log)
{
    const std::vector<std::string> names = log.metricNames();
    std::string csv = "step,seconds";
    for (const std::string& name : names) csv += "," + quoted(name);
    csv += "\n";
    for (const CurvePoint& point : curvePoints(log)) {
        csv += std::to_string(point.step) + "," + exact(point.seconds);
        for (const std::string& name : names) {
            const auto value = point.values.find(name);
            csv += "," + (value == point.values.end() ? std::string() : exact(value->second));
        }
        csv += "\n";
    }
    return csv;
}

}  // namespace preflab
