// SPDX-License-Identifier: GPL-3.0-or-later
// Where the files that come with PrefLab lie.
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace preflab {

/// The running program.
std::filesystem::path executablePath();

/// The folder of resources: $PREFLAB_RESOURCES, beside a build folder (../../resources from build/<preset>), or
/// installed (../share/preflab). FileNotFound names what was looked for.
Result<std::filesystem::path> resourceFolder(const std::filesystem::path& executable);

}  // namespace preflab
