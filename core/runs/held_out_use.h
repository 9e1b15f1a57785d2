// SPDX-License-Identifier: GPL-3.0-or-later
// Whether held-out figures of several runs tell what they are meant to: how runs do on pairs they have not seen.
#pragma once

#include "core/runs/comparison.h"

#include <cstddef>
#include <string>
#include <vector>

namespace preflab {

/// The runs (their indices) that were trained on pairs which a run of `runs`, maybe itself, was measured on: on the file
/// that was held out, or on another share of the file that pairs were held out from. Files are told apart by content.
std::vector<std::size_t> trainedOnHeldOut(const std::vector<ComparedRun>& runs);

/// What the held-out pairs of these runs are, as sentences; names the runs that were trained on them, by number and id.
std::string heldOutText(const std::vector<ComparedRun>& runs);

}  // namespace preflab
