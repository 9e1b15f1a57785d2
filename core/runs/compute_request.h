// SPDX-License-Identifier: GPL-3.0-or-later
// Work that one thread wants and another does: served once, or given up before its turn.
#pragma once

#include "core/base/result.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

namespace preflab {

/// Shared by the asking and the serving thread.
class ComputeRequest {
public:
    explicit ComputeRequest(std::function<Result<>()> work) : m_work(std::move(work)) {}

    /// Serving thread: does the work, unless it was given up. Exceptions become errors (caught_error.h).
    void serve();
    /// Asking thread: the result of the work; Cancelled when `stop` comes before its turn. Once this returns, the
    /// work is not running and never will be.
    Result<> wait(std::stop_token stop);

private:
    enum class State { Queued, Serving, Done, GivenUp };

    std::mutex m_mutex;  ///< protects state and result
    std::condition_variable_any m_changed;
    State m_state = State::Queued;
    Result<> m_result;
    const std::function<Result<>()> m_work;
};

}  // namespace preflab
