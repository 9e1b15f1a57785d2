// SPDX-License-Identifier: GPL-3.0-or-later
// The demo's settings: resources/demo/demo.json.
#pragma once

#include "core/base/result.h"
#include "core/runs/run_spec.h"

#include <filesystem>
#include <vector>

namespace preflab {

/// Reads demo.json of a folder into one order per run; paths inside are relative to the folder. All runs share the
/// model, the data, the rows usable by every one of them and the prompts to answer. ConfigInvalid names what is wrong.
Result<std::vector<RunSpec>> readDemoPlan(const std::filesystem::path& folder);

}  // namespace preflab
