// SPDX-License-Identifier: GPL-3.0-or-later
// What runs are called, and which run a user means.
#pragma once

#include "core/base/result.h"
#include "core/runs/run_store.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace preflab {

/// "0003-dpo-helpful-pairs-v2": number, method, and name or data; safe in paths, on a command line and in a URL.
std::string runIdOf(std::int64_t number, const RunSpec& spec);

/// The spec's name, or "DPO on pairs", made from method and data.
std::string runNameOf(const RunSpec& spec);

/// Refuses names by which a run could not be found again: empty ones, and numbers, which are those of runs.
/// ParameterOutOfRange for the setting `key`.
Result<> checkRunName(const std::string& name, const std::string& key);

/// The run that `run` means: an id, a number ("3", "0003"), a name or the beginning of an id, in this order. RunNotFound;
/// RunAmbiguous, naming them, if several match. `project` is for messages.
Result<RunRecord> findRun(std::vector<RunRecord> records, const std::string& run, const std::filesystem::path& project);

}  // namespace preflab
