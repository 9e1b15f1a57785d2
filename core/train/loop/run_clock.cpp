// SPDX-License-Identifier: GPL-3.0-or-later
// Time without pauses, and the points at which a run listens.
#include "core/train/loop/run_clock.h"

#include <system_error>
#include <utility>

namespace preflab {
namespace {

bool isGone(const std::filesystem::path& folder)
{
    std::error_code failure;
    return std::filesystem::status(folder, failure).type() == std::filesystem::file_type::not_found;
}

}  // namespace

RunClock::RunClock(RunControl& control, const RunLog& log, std::filesystem::path folder)
    : m_control(control), m_log(log), m_folder(std::move(folder))
{
    if (isGone(m_folder)) m_folder.clear();
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
    if (m_folder.empty() || !isGone(m_folder)) return std::nullopt;
    const std::filesystem::path project = m_folder.parent_path().parent_path();
    if (isGone(project)) return Error{ErrorCode::ProjectGone, {{"path", project.string()}}, {}};
    return Error{ErrorCode::RunFolderGone, {{"path", m_folder.string()}}, {}};
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
