// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the project's database: spec, events, metrics (one packed row a step), outcome.
#pragma once

#include "core/base/result.h"
#include "core/data/project.h"
#include "core/runs/run_log.h"
#include "core/runs/run_spec.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace preflab {

/// One run as lists show it.
struct RunRecord {
    std::int64_t number = 0;       ///< 3
    std::string id;                ///< folder name below runs/, e.g. "0003-dpo-pairs"
    std::string name;              ///< the spec's, or made from method and data: "DPO on pairs"
    std::string method;
    std::string created;           ///< UTC
    std::string outcome;           ///< "waiting", "running", "finished", "cancelled", "failed", "interrupted"
    std::string reason;            ///< of a failure, as a sentence
    std::int64_t steps = 0;        ///< taken, or logged so far
    RunSpec spec;                  ///< with absolute paths
    std::string dataHash;
    std::string modelHash;
};

/// Thread-safe: every call goes through the project's storage thread.
class RunStore {
public:
    explicit RunStore(Project& project) : m_project(project) {}
    /// Stores the spec and makes the run's folder; the run is "waiting".
    Result<RunRecord> create(const RunSpec& spec);
    /// From now on the run is "running".
    Result<> begin(const std::string& run);
    /// Follows `log` from now on: commits what is appended, then marks it committed. `log` must outlive `finish`. A
    /// failed commit is tried again with the next append and shows in RunLog::storeError.
    void follow(const std::string& run, RunLog& log);
    /// Appends the outcome as an event, commits the rest and the outcome (durably) and stops following. Nothing may
    /// be appended meanwhile.
    Result<> finish(const std::string& run, RunLog& log, const Outcome& outcome);
    /// Records hashes once known; empty ones stay as they are. Following does this for events that carry them.
    Result<> setHashes(const std::string& run, const std::string& dataHash, const std::string& modelHash);
    /// Runs in order of creation; one left "running" by a killed process is listed as "interrupted".
    Result<std::vector<RunRecord>> list();
    /// By id, number ("3"), name or unique beginning of an id; RunNotFound, also when several match.
    Result<RunRecord> find(const std::string& run);
    /// The log of that run (an id as in `find`), replayed.
    Result<std::shared_ptr<RunLog>> load(const std::string& run);

private:
    Project& m_project;
};

}  // namespace preflab
