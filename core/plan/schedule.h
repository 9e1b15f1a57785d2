// SPDX-License-Identifier: GPL-3.0-or-later
// Learning rate schedules of transformers' optimization.py (trl-spec section 3), as factors of the base rate. Adding one
// is one file in core/plan/schedules that defines `schedule_<stem>`.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace preflab {

/// One schedule.
struct ScheduleInfo {
    std::string id;         ///< transformers' name, TRL's `lr_scheduler_type`
    bool hasWarmup = true;  ///< rises from 0 over the warm-up's steps
    /// Factor after the warm-up: `done` steps of `length` are done since its end, 0 <= done; at least 0.
    double (*decay)(double done, double length) = nullptr;
};

/// All schedules, in order of their file names.
std::span<const ScheduleInfo* const> schedules();
/// The schedule of that id; ParameterOutOfRange lists the others.
Result<const ScheduleInfo*> findSchedule(std::string_view id);

/// One run's schedule.
struct Schedule {
    const ScheduleInfo* info = nullptr;
    std::int64_t totalSteps = 0;
    std::int64_t warmupSteps = 0;

    /// `warmup` below 1 is a share of `totalSteps`, rounded up, as TRL's `warmup_steps`; otherwise a count.
    static Schedule make(const ScheduleInfo& info, std::int64_t totalSteps, double warmup);
    /// Factor of the base rate for 1-based `step`. A warm-up starts at 0: the first update then changes nothing,
    /// as in TRL.
    double factor(std::int64_t step) const;
};

}  // namespace preflab
