// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the project's database: spec, events, metrics (one packed row a step), outcome.
#pragma once

#include "core/base/result.h"
#include "core/data/project.h"
#include "core/runs/run_log.h"
#include "core/runs/run_spec.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// One run as lists show it.
struct RunRecord {
    std::string id;                ///< folder name below runs/, e.g. "0003-dpo-pairs"
    std::string name;
    std::string method;
    std::string created;           ///< UTC
    std::string outcome;           ///< "running", "finished", "cancelled", "failed", "interrupted"
    std::string reason;            ///< of a failure, as a sentence
    std::int64_t steps = 0;
    RunSpec spec;
    std::string dataHash;
    std::string modelHash;
};

/// Thread-safe: every call goes through the project's storage thread.
class RunStore {
public:
    explicit RunStore(Project& project) : m_project(project) {}
    /// Stores the spec and makes the run's folder.
    Result<RunRecord> create(const RunSpec& spec);
    /// Follows `log` from now on: commits what is appended, then marks it committed. `log` must outlive `finish`.
    void follow(const std::string& run, RunLog& log);
    /// Commits the rest and the outcome (durably) and stops following.
    Result<> finish(const std::string& run, RunLog& log, const Outcome& outcome);
    /// Records hashes once known.
    Result<> setHashes(const std::string& run, const std::string& dataHash, const std::string& modelHash);
    /// Runs in order of creation; one left "running" by a killed process is listed as "interrupted".
    Result<std::vector<RunRecord>> list();
    /// By id, unique prefix of it, number ("3") or name; RunNotFound.
    Result<RunRecord> find(const std::string& run);
    /// The run's log, replayed.
    Result<std::shared_ptr<RunLog>> load(const std::string& run);

private:
    Project& m_project;
};

}  // namespace preflab
