// SPDX-License-Identifier: GPL-3.0-or-later
// Where and how exactly a run computes: chosen once, passed down.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace preflab {

/// Arithmetic of a run. BFloat16: float32 master weights, norms, softmax and loss; bfloat16 matrix products.
enum class Precision { Float32, BFloat16, Float64 };

/// "float32" and so on; ParameterOutOfRange for anything else.
Result<Precision> precisionFromId(const std::string& id);

/// What computes.
enum class Device { Processor };

/// One run's choice. Everything that makes tensors takes device and dtype from here.
struct Placement {
    Device device = Device::Processor;
    Precision precision = Precision::Float32;
    std::int64_t threads = 0;  ///< of the processor; 0: all its cores

    Placement() = default;
    /// On the processor with all its cores. Not explicit, because most callers only care for the arithmetic.
    Placement(Precision arithmetic) : precision(arithmetic) {}
    /// From a run's parameters; errors of precisionFromId.
    static Result<Placement> of(const std::string& dtype, std::int64_t threads);
};

/// Elements of the logits that the head computes at once, so that only their log-softmax is kept for the backward pass
/// and temporaries stay small (128 MB in float32).
inline constexpr std::int64_t kLogitChunkElements = std::int64_t{1} << 25;

}  // namespace preflab
