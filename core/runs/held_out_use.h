// SPDX-License-Identifier: GPL-3.0-or-later
// Whether held-out figures of several runs tell what they are meant to: how runs do on pairs they have not seen.
#pragma once

#include "core/runs/comparison.h"

#include <cstddef>
#include <string>
#include <vector>

namespace preflab {

/// Which runs (their indices) were trained on pairs that a run of these, maybe itself, was measured on.
struct HeldOutUse {
    std::vector<std::size_t> trained;  ///< certainly
    std::vector<std::size_t>
        unknown;  ///< maybe: on other files, whose pairs nobody compared, or on rows that come twice
};

/// Files are told apart by content, shares of one file by the draw that made them. Whether a file has rows twice, or
/// shares some with a held-out file, was counted when a run began.
HeldOutUse heldOutUse(const std::vector<ComparedRun>& runs);

/// What the held-out pairs of these runs are, as sentences; names the runs that were trained on them, by number and id. It
/// says that no run was trained on them only where that is known of all.
std::string heldOutText(const std::vector<ComparedRun>& runs);

}  // namespace preflab
