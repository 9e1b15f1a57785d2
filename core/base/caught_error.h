// SPDX-License-Identifier: GPL-3.0-or-later
// Exceptions of libraries as errors, where a border catches them.
#pragma once

#include "core/base/error.h"

#include <exception>
#include <string>

namespace preflab {

/// What an exception means for the user: OutOfMemory when an allocation failed, SystemLimit when the system gives no
/// thread or no open file, Internal otherwise. `what` says what was being done: "opening pairs.jsonl".
Error caughtError(const std::exception& exception, const std::string& what);

}  // namespace preflab
