// SPDX-License-Identifier: GPL-3.0-or-later
// transformers' get_cosine_schedule_with_warmup with half a cosine.
#include "core/plan/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace preflab {

extern const ScheduleInfo schedule_cosine;
const ScheduleInfo schedule_cosine{.id = "cosine", .decay = [](double done, double length) {
                                       const double angle = std::numbers::pi * done / std::max(1.0, length);
                                       return std::max(0.0, 0.5 * (1.0 + std::cos(angle)));
                                   }};

}  // namespace preflab
