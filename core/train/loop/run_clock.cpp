// SPDX-License-Identifier: GPL-3.0-or-later
// Time without pauses, and the points at which a run listens.
#include "core/train/loop/run_clock.h"

#include <utility>

namespace preflab {
RunClock::RunClock(RunControl& control, const RunLog& log, const std::filesystem::path& folder)
    : m_control(control), m_log(log), m_folder(folder), m_project(folder.parent_path().parent_path())
{
}

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
    if (auto gone = goneFolder()) return tl::unexpected(*std::move(gone));
    return {};
}

std::optional<Error> RunClock::goneFolder() const
{
    if (!m_folder.isGone()) return std::nullopt;
    if (m_project.isGone()) return Error{ErrorCode::ProjectGone, {{"path", m_project.path().string()}}, {}};
    return Error{ErrorCode::RunFolderGone, {{"path", m_folder.path().string()}}, {}};
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
