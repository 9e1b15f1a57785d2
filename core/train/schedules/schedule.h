// SPDX-License-Identifier: GPL-3.0-or-later
// Learning rate schedules of transformers' optimization.py (trl-spec section 3), as factors of the base rate.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string_view>

namespace preflab {

/// How the rate goes on after the warm-up, by transformers' names.
enum class ScheduleKind {
    Constant,            ///< the base rate from the first step on: transformers ignores a warm-up
    ConstantWithWarmup,  ///< stays at the base rate
    Linear,              ///< falls linearly to 0 at the last step
    Cosine,              ///< falls to 0 along half a cosine
};

/// "constant", "constant_with_warmup", "linear", "cosine"; ParameterOutOfRange for anything else.
Result<ScheduleKind> scheduleFromId(std::string_view id);

/// One run's schedule.
struct Schedule {
    ScheduleKind kind = ScheduleKind::Linear;
    std::int64_t totalSteps = 0;
    std::int64_t warmupSteps = 0;

    /// `warmup` below 1 is a share of `totalSteps`, rounded up, as TRL's `warmup_steps`; otherwise a count.
    static Schedule make(ScheduleKind kind, std::int64_t totalSteps, double warmup);
    /// Factor of the base rate for 1-based `step`. A warm-up starts at 0: the first update then changes nothing,
    /// as in TRL.
    double factor(std::int64_t step) const;
};

}  // namespace preflab
