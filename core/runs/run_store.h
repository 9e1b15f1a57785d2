// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the project's database: spec, events, metrics (one packed row a step), outcome.
#pragma once

#include "core/base/result.h"
#include "core/project/project.h"
#include "core/runs/run_log.h"
#include "core/runs/run_spec.h"
#include "core/runs/run_summary.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace preflab {

/// One run as lists show it.
struct RunRecord {
    std::int64_t number = 0;  ///< 3
    std::string id;           ///< folder name below runs/, e.g. "0003-dpo-pairs"
    std::string name;         ///< the spec's, or made from method and data: "DPO on pairs"
    std::string method;
    std::string created;              ///< UTC
    std::string outcome;              ///< "waiting", "running", "finished", "cancelled", "failed", "interrupted"
    std::string reason;               ///< of a failure, as a sentence
    std::int64_t steps = 0;           ///< taken, or logged so far
    RunSpec spec;                     ///< with absolute paths
    bool areSettingsReadable = true;  ///< false: `spec` says nothing, since what is stored is damaged
    std::string dataHash;
    std::string modelHash;
    std::string note;                  ///< the user's own words
    std::int64_t journalPosition = 0;  ///< edits of the data up to here were trained on; 0: none
    std::string heldOutHash = {};      ///< content of the held-out pairs' file; empty: none, or not known
    std::int64_t heldOutPosition = 0;  ///< edits of that file up to here count; 0: none
};

/// Thread-safe: every call goes through the project's storage thread.
class RunStore {
public:
    explicit RunStore(Project& project) : m_project(project) {}
    /// Stores the spec and makes the run's folder; the run is "waiting". ParameterOutOfRange for a number as its name.
    Result<RunRecord> create(const RunSpec& spec);
    /// From now on the run is "running".
    Result<> begin(const std::string& run);
    /// Follows `log` from now on: commits what is appended, then marks it committed. `log` must outlive `finish`. A
    /// failed commit is tried again with the next append and shows in RunLog::storeError.
    void follow(const std::string& run, RunLog& log);
    /// Appends the outcome as an event, commits the rest and the outcome (durably) and stops following. Nothing may
    /// be appended meanwhile.
    Result<> finish(const std::string& run, RunLog& log, const Outcome& outcome);
    /// Gives a run (an id) another name; ParameterOutOfRange for an empty one and for a number.
    Result<> rename(const std::string& run, const std::string& name);
    /// Replaces the note of a run (an id).
    Result<> setNote(const std::string& run, const std::string& note);
    /// Takes a run (an id) out of lists and look-ups; nothing of it is erased. RunIsActive while it waits or
    /// runs.
    Result<> remove(const std::string& run);
    /// Undoes `remove`.
    Result<> restore(const std::string& run);
    /// Runs in order of creation, removed ones left out; one left unfinished by a killed process is listed as "interrupted"
    /// (openProjectToRun).
    Result<std::vector<RunRecord>> list();
    /// By id, number ("3", "0003"), name or unique beginning of an id, in this order; RunNotFound, RunAmbiguous.
    Result<RunRecord> find(const std::string& run);
    /// The log of that run (an id as in `find`), replayed.
    Result<std::shared_ptr<RunLog>> load(const std::string& run);
    /// A run (an id) in the few numbers that lists show, read in one go on the storage thread.
    Result<RunSummary> summary(const std::string& run);

private:
    Project& m_project;
};

}  // namespace preflab
