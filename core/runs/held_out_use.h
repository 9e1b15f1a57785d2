// SPDX-License-Identifier: GPL-3.0-or-later
// Whether held-out figures tell what they are meant to: how a run does on rows that it has not seen.
#pragma once

#include "core/runs/comparison.h"

#include <cstddef>
#include <string>
#include <vector>

namespace preflab {

/// Which runs (their indices) were trained on rows that they are measured on themselves. What another run holds out says
/// nothing about a run's own figures.
struct HeldOutUse {
    std::vector<std::size_t> trained;  ///< certainly
    std::vector<std::size_t> unknown;  ///< maybe: runs of older programs, which did not look
};

/// What each run counted when it began (kHeldOutTrainedOn). Runs without held-out figures are in neither list.
HeldOutUse heldOutUse(const std::vector<ComparedRun>& runs);

/// The same as sentences, which name runs by number and id. They say that no run was trained on what it is measured on only
/// where that is known of all.
std::string heldOutText(const std::vector<ComparedRun>& runs);

}  // namespace preflab
