// SPDX-License-Identifier: GPL-3.0-or-later
// The states of a request.
#include "core/runs/compute_request.h"

#include "core/base/caught_error.h"

#include <exception>
#include <utility>

namespace preflab {
namespace {

/// The serving thread belongs to a run, which must not die of somebody else's request.
Result<> guarded(const std::function<Result<>()>& work)
{
    try {
        return work();
    } catch (const std::exception& exception) {
        return tl::unexpected(caughtError(exception, "answering a request"));
    } catch (...) {
        return fail(ErrorCode::Internal, {{"reason", "a request threw something unknown"}});
    }
}

}  // namespace

void ComputeRequest::serve()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_state == State::GivenUp) return;
        m_state = State::Serving;
    }
    Result<> result = guarded(m_work);
    const std::lock_guard lock(m_mutex);
    m_result = std::move(result);
    m_state = State::Done;
    m_changed.notify_all();
}

Result<> ComputeRequest::wait(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    const auto isDone = [this] { return m_state == State::Done; };
    if (!m_changed.wait(lock, std::move(stop), isDone) && m_state == State::Queued) {
        m_state = State::GivenUp;
        return fail(ErrorCode::Cancelled);
    }
    m_changed.wait(lock, isDone);
    return m_result;
}

}  // namespace preflab
