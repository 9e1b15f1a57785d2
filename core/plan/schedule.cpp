// SPDX-License-Identifier: GPL-3.0-or-later
// Look-up of schedules, and their warm-up.
#include "core/plan/schedule.h"

#include <cmath>

namespace preflab {

Result<const ScheduleInfo*> findSchedule(std::string_view id)
{
    std::string known;
    for (const ScheduleInfo* schedule : schedules()) {
        if (schedule->id == id) return schedule;
        known += (known.empty() ? "one of " : ", ") + schedule->id;
    }
    return fail(ErrorCode::ParameterOutOfRange,
                {{"key", "lr_scheduler_type"}, {"value", std::string(id)}, {"range", known}});
}

Schedule Schedule::make(const ScheduleInfo& info, std::int64_t totalSteps, double warmup)
{
    if (!info.hasWarmup) return {&info, totalSteps, 0};
    const double steps = warmup < 1.0 ? std::ceil(static_cast<double>(totalSteps) * warmup) : warmup;
    return {&info, totalSteps, static_cast<std::int64_t>(steps)};
}

double Schedule::factor(std::int64_t step) const
{
    const std::int64_t done = step - 1;
    if (done < warmupSteps) return static_cast<double>(done) / static_cast<double>(warmupSteps);
    return info->decay(static_cast<double>(done - warmupSteps), static_cast<double>(totalSteps - warmupSteps));
}

}  // namespace preflab
