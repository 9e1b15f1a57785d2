// SPDX-License-Identifier: GPL-3.0-or-later
// Names of phases that others than the run itself know.
#pragma once

#include <string_view>

namespace preflab {

/// A run that waits for room to save.
inline constexpr std::string_view kWaitingToSave = "Waiting to save";

/// What it says of itself meanwhile, before the reason.
inline constexpr std::string_view kWaitsToSave =
    "The run waits, with its weights in memory, until they can be saved: it tries again every few seconds, or at once "
    "when "
    "it is resumed; to end it without them, cancel it (in a terminal: Ctrl+C or SIGTERM, twice).";

}  // namespace preflab
