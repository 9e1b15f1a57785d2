// SPDX-License-Identifier: GPL-3.0-or-later
// How a long job says how far it is.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace preflab {

/// Called with what is being done ("Indexing rows"), done and total units (total 0: unknown). May be empty.
using ProgressSink = std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t total)>;

}  // namespace preflab
