// SPDX-License-Identifier: GPL-3.0-or-later
// transformers' get_constant_schedule_with_warmup.
#include "core/plan/schedule.h"

namespace preflab {

extern const ScheduleInfo schedule_constant_with_warmup;
const ScheduleInfo schedule_constant_with_warmup{.id = "constant_with_warmup",
                                                 .decay = [](double, double) { return 1.0; }};

}  // namespace preflab
