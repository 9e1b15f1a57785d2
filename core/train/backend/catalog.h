// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's tables as the outside sees them: torch-free descriptions.
#pragma once

#include "core/runs/backend.h"
#include "core/train/objectives/method.h"

#include <vector>

namespace preflab {

/// A method with its parameters and everything that its runs log.
ComponentDescription describeMethod(const MethodInfo& method);

/// All methods, losses and architectures, in the order of their tables.
std::vector<ComponentDescription> describeTables();

}  // namespace preflab
