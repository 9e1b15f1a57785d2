// SPDX-License-Identifier: GPL-3.0-or-later
// The border between LibTorch and the rest: exceptions become errors, thread counts are set where they count.
#pragma once

#include "core/base/result.h"

#include <c10/util/Exception.h>

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <type_traits>

namespace preflab {

/// What an exception of LibTorch means for the user: TooLittleMemory when an allocation failed, Internal otherwise.
Error errorOf(const c10::Error& exception);
/// TooLittleMemory: the machine refused an allocation.
Error outOfMemoryError(const std::string& detail);

/// Runs `body`, which returns a Result, and turns what LibTorch or the standard library throws into its error.
/// The error is returned outside the catch block, because a live exception can keep tensors alive.
template <class F>
auto guarded(F&& body) -> std::invoke_result_t<F>
{
    Error error;
    try {
        return body();
    } catch (const c10::Error& exception) {
        error = errorOf(exception);
    } catch (const std::bad_alloc& exception) {
        error = outOfMemoryError(exception.what());
    } catch (const std::exception& exception) {
        error = Error{ErrorCode::Internal, {{"reason", exception.what()}}, {}};
    }
    return tl::unexpected(std::move(error));
}

/// Cores this process may use, hyper-threads counted once.
std::int64_t physicalCores();

/// Sets how many threads, at least 1, compute for the calling thread from its next large operation on. SystemLimit when
/// the system does not give so many; then nothing is changed.
Result<> allowThreads(std::int64_t threads);

/// Sets the number of compute threads of the calling thread and starts them; 0 means all physical cores. The setting is
/// per thread, so a run calls this on its own thread before its first operation. SystemLimit when the system does not
/// allow so many.
Result<> applyThreads(std::int64_t threads);

}  // namespace preflab
