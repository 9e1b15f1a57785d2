// SPDX-License-Identifier: GPL-3.0-or-later
// Outputs of a command with --project: what they must not replace, and where they go by default.
#pragma once

#include "app/cli/arguments.h"
#include "core/base/atomic_file.h"
#include "core/base/output_guard.h"
#include "core/runs/run_store.h"

#include <filesystem>
#include <vector>

namespace preflab {

/// The folder of --project, or of the default project; it need not exist.
std::filesystem::path projectFolder(const Arguments& arguments);

/// The files of a project that PrefLab itself keeps, and all of its runs; exports are the user's.
std::vector<Reading> projectReadings(const std::filesystem::path& folder);

/// The one guard of outputs: refuses what checkOutput refuses, what is no ordinary file, and whatever a project keeps or a
/// model consists of, be they read or not.
Result<> checkTarget(const std::filesystem::path& target, const std::vector<Reading>& readings);

/// What a link in the place of an output stands for: a file that the user named with --output, or nothing, where PrefLab
/// made the name itself.
TargetLink linkOf(bool isNamed);

/// What came of writing an output. Where PrefLab made the name itself and could not write there, the error says that
/// --output names another place.
template <class T>
Result<T> namingOutput(bool isNamed, Result<T> written)
{
    if (!isNamed && !written && written.error().code == ErrorCode::WriteFailed)
        written.error().arguments["remedy"] += " (--output names another)";
    return written;
}

/// What a stored run was made from.
std::vector<Reading> sourcesOf(const RunRecord& record);

}  // namespace preflab
