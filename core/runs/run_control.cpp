// SPDX-License-Identifier: GPL-3.0-or-later
// Flags and a request queue under one mutex; no request runs while it is held.
#include "core/runs/run_control.h"

#include <chrono>
#include <utility>

namespace preflab {

void RunControl::pause()
{
    const std::lock_guard lock(m_mutex);
    m_isPaused = true;
}

void RunControl::resume()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isPaused = false;
        ++m_wishes;
    }
    m_wake.notify_all();
}

bool RunControl::saveNow()
{
    return post([this] {
        std::function<void()> saver;
        {
            const std::lock_guard lock(m_mutex);
            saver = m_saver;
        }
        if (saver) saver();
    });
}

void RunControl::setSaver(std::function<void()> saver)
{
    const std::lock_guard lock(m_mutex);
    m_saver = std::move(saver);
}

void RunControl::requestStop()
{
    std::function<void()> onStop;
    {
        const std::lock_guard lock(m_mutex);
        m_isStopRequested = true;
        ++m_wishes;
        onStop = m_onStop;
    }
    m_wake.notify_all();
    if (onStop) onStop();
}

void RunControl::stopAndSave()
{
    requestStop();
}

void RunControl::cancel()
{
    m_cancel.request_stop();
    requestStop();
}

bool RunControl::isPaused() const
{
    const std::lock_guard lock(m_mutex);
    return m_isPaused;
}

bool RunControl::isStopRequested() const
{
    const std::lock_guard lock(m_mutex);
    return m_isStopRequested;
}

bool RunControl::isCancelRequested() const
{
    return m_cancel.stop_requested();
}

void RunControl::setOnStop(std::function<void()> onStop)
{
    const std::lock_guard lock(m_mutex);
    m_onStop = std::move(onStop);
}

bool RunControl::post(Request request)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_isOver) return false;
        m_requests.push_back(std::move(request));
        ++m_wishes;
    }
    m_wake.notify_all();
    return true;
}

void RunControl::serveQueued(std::unique_lock<std::mutex>& lock)
{
    while (!m_requests.empty()) {
        Request request = std::move(m_requests.front());
        m_requests.pop_front();
        lock.unlock();
        request();
        request = nullptr;  // what it captured is released outside the lock, too
        lock.lock();
    }
}

double RunControl::betweenSteps()
{
    std::unique_lock lock(m_mutex);
    if (m_requests.empty() && !m_isPaused) return 0.0;
    const auto begin = std::chrono::steady_clock::now();
    serveQueued(lock);
    while (m_isPaused && !m_isStopRequested) {
        m_wake.wait(lock, [this] { return !m_isPaused || m_isStopRequested || !m_requests.empty(); });
        serveQueued(lock);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double RunControl::waitForWish(std::chrono::milliseconds longest)
{
    const auto begin = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    // A stop that was asked for earlier is no new wish: whoever waits in spite of it must not spin.
    const std::uint64_t before = m_wishes;
    m_wake.wait_for(lock, longest,
                    [&] { return m_wishes != before || !m_requests.empty() || m_cancel.stop_requested(); });
    serveQueued(lock);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void RunControl::drainRequests()
{
    std::unique_lock lock(m_mutex);
    serveQueued(lock);
    m_isOver = true;
}

}  // namespace preflab
