// SPDX-License-Identifier: GPL-3.0-or-later
// A run's log as rows of the project's database. Used on the storage thread, by RunStore.
#pragma once

#include "core/base/database.h"
#include "core/runs/run_log.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace preflab {

/// A step's metrics as stored: a uint16 name and a double each, little-endian, 10 bytes without padding.
std::vector<std::byte> packMetrics(std::span<const Metric> values);
/// Back; false when the bytes are no whole values or name a metric beyond `names`.
bool unpackMetrics(std::span<const std::byte> packed, std::size_t names, std::vector<Metric>& values);

/// The number of a run id; RunNotFound.
Result<std::int64_t> runNumber(Connection& connection, const std::string& id, const std::string& project);

/// Writes metric names from index `firstName` on. Writing a name again changes nothing.
void writeMetricNames(Connection& connection, std::int64_t run, const std::vector<std::string>& names,
                      std::size_t firstName);
/// Writes `news`, which begins at `begin` in the log.
void writeNews(Connection& connection, std::int64_t run, const RunCursor& begin, const RunNews& news);
/// Fills `log` with everything stored; FileUnreadable naming the run when rows are damaged.
Result<> readLog(Connection& connection, std::int64_t run, const std::string& id, RunLog& log);

}  // namespace preflab
