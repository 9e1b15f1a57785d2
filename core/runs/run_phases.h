// SPDX-License-Identifier: GPL-3.0-or-later
// Names of phases that others than the run itself know.
#pragma once

#include <string_view>

namespace preflab {

/// A run that waits for room to save.
inline constexpr std::string_view kWaitingToSave = "Waiting to save";

}  // namespace preflab
