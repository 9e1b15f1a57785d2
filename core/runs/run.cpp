// SPDX-License-Identifier: GPL-3.0-or-later
// A run's thread.
#include "core/runs/run.h"

#include "core/base/caught_error.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace preflab {
namespace {

constexpr int kRunNice = 10;

/// Only this thread, and the compute threads that it starts: on Linux a nice value belongs to a thread.
void lowerOwnPriority()
{
    const auto thread = static_cast<id_t>(::gettid());
    const int current = ::getpriority(PRIO_PROCESS, thread);
    ::setpriority(PRIO_PROCESS, thread, std::max(current, kRunNice));
}

}  // namespace

struct Run::State {
    Body body;
    std::function<void(const Outcome&)> onEnd;
    std::mutex mutex;  ///< protects outcome
    std::condition_variable ended;
    std::optional<Outcome> outcome;
    std::jthread thread;
};

Outcome guardedOutcome(const std::function<Outcome()>& work)
{
    try {
        return work();
    } catch (const std::exception& exception) {
        return Failed{caughtError(exception, "training")};
    } catch (...) {
        return Failed{Error{ErrorCode::Internal, {{"reason", "the run threw something unknown"}}, {}}};
    }
}

Run::Run(std::string id, Body body, std::function<void(const Outcome&)> onEnd)
    : m_id(std::move(id)), m_state(std::make_unique<State>())
{
    m_state->body = std::move(body);
    m_state->onEnd = std::move(onEnd);
}

Run::~Run()
{
    m_control.setOnStop({});
    m_control.cancel();
    if (m_state->thread.joinable()) m_state->thread.join();
}

Result<> Run::start(const ThreadStarter& starter)
{
    TRY(m_state->thread, starter([this] { work(); }));
    return {};
}

void Run::work()
{
    lowerOwnPriority();
    end(guardedOutcome([this] { return std::exchange(m_state->body, nullptr)(m_control, m_log); }));
}

void Run::end(const Outcome& outcome)
{
    m_control.drainRequests();
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->outcome = outcome;
        m_state->ended.notify_all();
    }
    if (m_state->onEnd) m_state->onEnd(outcome);
}

bool Run::isOver() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->outcome.has_value();
}

Outcome Run::wait()
{
    std::unique_lock lock(m_state->mutex);
    m_state->ended.wait(lock, [this] { return m_state->outcome.has_value(); });
    return *m_state->outcome;
}

}  // namespace preflab
