// SPDX-License-Identifier: GPL-3.0-or-later
// From a run's parameters to where it computes.
#include "core/plan/placement.h"

namespace preflab {

Result<Precision> precisionFromId(const std::string& id)
{
    if (id == "float32") return Precision::Float32;
    if (id == "bfloat16") return Precision::BFloat16;
    if (id == "float64") return Precision::Float64;
    return fail(ErrorCode::ParameterOutOfRange,
                {{"key", "dtype"}, {"value", id}, {"range", "one of float32, bfloat16, float64"}});
}

Result<Placement> Placement::of(const std::string& dtype, std::int64_t threads)
{
    TRY(Placement placement, precisionFromId(dtype));
    placement.threads = threads;
    return placement;
}

}  // namespace preflab
