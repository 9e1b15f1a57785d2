// SPDX-License-Identifier: GPL-3.0-or-later
// Time without pauses, and the points at which a run listens.
#include "core/train/loop/run_clock.h"

namespace preflab {

double RunClock::seconds() const
{
    return std::chrono::duration<double>(Clock::now() - m_begin).count() - m_paused;
}

Result<> RunClock::beat()
{
    m_paused += m_control.betweenSteps();
    if (m_control.isStopRequested()) return fail(ErrorCode::Cancelled);
    // A folder that is gone does not come back by itself, and what is stored nowhere need not be computed.
    if (auto error = m_log.storeError(); error && error->code == ErrorCode::ProjectGone)
        return tl::unexpected(*std::move(error));
    return {};
}

void RunClock::passWishOn()
{
    if (m_control.isStopRequested()) m_stop.request_stop();
}

void RunClock::pauseFor(std::chrono::milliseconds longest)
{
    m_control.pause();
    m_paused += m_control.waitForWish(longest);
}

}  // namespace preflab
