// SPDX-License-Identifier: GPL-3.0-or-later
// transformers' get_constant_schedule: the base rate from the first step on.
#include "core/plan/schedule.h"

namespace preflab {

extern const ScheduleInfo schedule_constant;
const ScheduleInfo schedule_constant{.id = "constant", .hasWarmup = false, .decay = [](double, double) { return 1.0; }};

}  // namespace preflab
