// SPDX-License-Identifier: GPL-3.0-or-later
// A loop over many items on all cores.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <functional>
#include <stop_token>

namespace preflab {

/// Does the items [begin, end); called from several threads at once, each item once.
using BlockWork = std::function<Result<>(std::size_t begin, std::size_t end)>;

/// Calls `work` for 0 .. total-1 in blocks of `blockSize`, on all cores, or on as many as the system gives threads for; the
/// caller's thread works too, and calls `progress` with how many items have been begun. The first error ends the loop
/// and is returned; an exception is an error (caught_error.h); Cancelled when `stop` is requested (seen
/// between blocks).
Result<> forEachBlock(std::size_t total, std::size_t blockSize, const std::stop_token& stop, const BlockWork& work,
                      const std::function<void(std::size_t done)>& progress = {});

}  // namespace preflab
