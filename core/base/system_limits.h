// SPDX-License-Identifier: GPL-3.0-or-later
// What the system may refuse: threads and open files.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace preflab {

/// A thread that does `work`, which must not throw. SystemLimit when the system allows no more threads.
Result<std::jthread> startThread(std::function<void()> work);

/// Starts `count` threads, has them all at once and waits until they are gone for the system, too: whoever starts so many
/// next gets them, unless somebody else is quicker. SystemLimit.
Result<> tryThreads(std::size_t count);

/// SystemLimit for a thread that the system did not give.
Error threadLimit(const std::string& reason);

/// SystemLimit when `number`, an errno, says that no more files may be open; nothing for other numbers.
std::optional<Error> openFilesLimit(int number);

}  // namespace preflab
