// SPDX-License-Identifier: GPL-3.0-or-later
// How long the UI thread works in one turn of its event loop: its own processor time, and the gaps by the wall clock.
#pragma once

#include <QAbstractEventDispatcher>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

namespace preflab::test {

/// Watches the current thread's event loop from construction to destruction. A turn goes from the moment the loop
/// wakes to the moment it waits again.
class TurnMeter : public QObject {
public:
    TurnMeter()
    {
        const QAbstractEventDispatcher* dispatcher = QAbstractEventDispatcher::instance();
        connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { begin(); });
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] { end(); });
        begin();
    }

    /// Forgets what was measured, and starts a turn: call it before what is to be measured.
    void restart()
    {
        m_processor.clear();
        m_wall.clear();
        begin();
    }

    /// Runs the event loop as the program does (it waits between turns) until `isDone` or the time is over.
    bool runUntil(const std::function<bool()>& isDone, int timeoutMs)
    {
        QEventLoop loop;
        QElapsedTimer passed;
        passed.start();
        QTimer poll;
        connect(&poll, &QTimer::timeout, &loop, [&] {
            if (isDone() || passed.hasExpired(timeoutMs)) loop.quit();
        });
        poll.start(20);
        loop.exec();
        return isDone();
    }

    double worstProcessorMs() const { return m_processor.empty() ? 0.0 : *std::ranges::max_element(m_processor); }
    double worstWallMs() const { return m_wall.empty() ? 0.0 : *std::ranges::max_element(m_wall); }
    std::size_t turns() const { return m_processor.size(); }

    /// "loading: 812 turns, worst 9.2 ms of processor time, 14.1 ms by the wall clock"
    void print(const char* what) const
    {
        std::printf("%s: %zu turns, worst %.1f ms of processor time, %.1f ms by the wall clock\n", what, turns(),
                    worstProcessorMs(), worstWallMs());
        std::fflush(stdout);
    }

private:
    static double processorMs()
    {
        timespec now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    }

    void begin()
    {
        m_isInside = true;
        m_processorBegin = processorMs();
        m_wallBegin = std::chrono::steady_clock::now();
    }

    void end()
    {
        if (!m_isInside) return;
        m_isInside = false;
        const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - m_wallBegin;
        m_processor.push_back(processorMs() - m_processorBegin);
        m_wall.push_back(wall.count());
    }

    bool m_isInside = false;
    double m_processorBegin = 0.0;
    std::chrono::steady_clock::time_point m_wallBegin;
    std::vector<double> m_processor;
    std::vector<double> m_wall;
};

}  // namespace preflab::test
