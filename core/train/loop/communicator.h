// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that train one model together: each computes its own micro-batches of every step, and what these give
// is added up before the update, which all of them then make alike.
#pragma once

#include "core/base/result.h"
#include "core/train/tensor.h"

#include <cstdint>
#include <span>

namespace preflab {

/// This process among the others. All processes make the same calls in the same order.
class Communicator {
public:
    virtual ~Communicator() = default;

    /// Which process this is, from 0.
    virtual std::int64_t rank() const = 0;
    /// How many there are.
    virtual std::int64_t size() const = 0;
    /// Replaces each tensor by its sum over all processes, which name the same tensors in the same order.
    virtual Result<> sum(std::span<const Tensor> tensors) = 0;
    /// The same for numbers.
    virtual Result<> sum(std::span<double> numbers) = 0;
    /// Replaces each tensor by that of process 0.
    virtual Result<> broadcast(std::span<const Tensor> tensors) = 0;
};

/// One process alone: every sum is its own.
Communicator& oneProcess();

}  // namespace preflab
