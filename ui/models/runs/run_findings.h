// SPDX-License-Identifier: GPL-3.0-or-later
// What the curves of a run say that a person should know.
#pragma once

#include "core/runs/backend.h"
#include "ui/models/runs/metrics_store.h"

#include <cstdint>
#include <vector>

namespace preflab {

/// One thing found, with the stretch of steps where it shows.
struct RunFinding {
    enum class Kind {
        FirstLossIsLn2,     ///< model and reference agree
        FirstLossIsNotLn2,  ///< they do not, or the pairs are not what they should be
        ChosenFalls,        ///< chosen answers get less likely while the margin grows
        PreferenceIsWeak,   ///< ORPO's preference part is below 5 % of the loss
    };
    Kind kind = Kind::FirstLossIsLn2;
    std::int64_t from = 0, to = 0;  ///< steps
    double value = 0.0;             ///< the first loss, by how much chosen fell, the share

    /// Something to worry about.
    bool isAlarm() const { return kind != Kind::FirstLossIsLn2; }
};

/// Looks at all that was measured; some milliseconds for long runs.
std::vector<RunFinding> findingsOf(const MetricsStore& metrics, const ComponentDescription& method);

}  // namespace preflab
