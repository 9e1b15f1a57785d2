// SPDX-License-Identifier: GPL-3.0-or-later
// Constant, linear and cosine schedules with warm-up.
#include "core/train/schedules/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace preflab {

Result<ScheduleKind> scheduleFromId(std::string_view id)
{
    if (id == "constant") return ScheduleKind::Constant;
    if (id == "constant_with_warmup") return ScheduleKind::ConstantWithWarmup;
    if (id == "linear") return ScheduleKind::Linear;
    if (id == "cosine") return ScheduleKind::Cosine;
    return fail(ErrorCode::ParameterOutOfRange, {{"key", "lr_scheduler_type"},
                                                 {"value", std::string(id)},
                                                 {"range", "one of constant, constant_with_warmup, linear, cosine"}});
}

Schedule Schedule::make(ScheduleKind kind, std::int64_t totalSteps, double warmup)
{
    const double steps = warmup < 1.0 ? std::ceil(static_cast<double>(totalSteps) * warmup) : warmup;
    return {kind, totalSteps, static_cast<std::int64_t>(steps)};
}

double Schedule::factor(std::int64_t step) const
{
    if (kind == ScheduleKind::Constant) return 1.0;
    const double done = static_cast<double>(step - 1);
    const double warmup = static_cast<double>(warmupSteps);
    if (step - 1 < warmupSteps) return done / warmup;
    const double left = std::max(1.0, static_cast<double>(totalSteps) - warmup);
    switch (kind) {
    case ScheduleKind::Constant:
    case ScheduleKind::ConstantWithWarmup:
        return 1.0;
    case ScheduleKind::Linear:
        return std::max(0.0, (static_cast<double>(totalSteps) - done) / left);
    case ScheduleKind::Cosine:
        return std::max(0.0, 0.5 * (1.0 + std::cos(std::numbers::pi * (done - warmup) / left)));
    }
    return 1.0;
}

}  // namespace preflab
