// SPDX-License-Identifier: GPL-3.0-or-later
// transformers' get_linear_schedule_with_warmup, TRL's default.
#include "core/plan/schedule.h"

#include <algorithm>

namespace preflab {

extern const ScheduleInfo schedule_linear;
const ScheduleInfo schedule_linear{.id = "linear", .decay = [](double done, double length) {
                                       return std::max(0.0, (length - done) / std::max(1.0, length));
                                   }};

}  // namespace preflab
