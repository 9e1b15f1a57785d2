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

/// Watches the current thread's event loop from construction to destruction. A turn is one round of its dispatcher:
/// posted events (painting among them), timers, input. The dispatcher says that it is awake in each round, and when it
/// does, the timers of the round before are done. By the wall clock, a beat every few milliseconds says how long the
/// loop did not get round to anything.
class TurnMeter : public QObject {
public:
    TurnMeter()
    {
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, this, [this] { turn(); });
        m_beat.setTimerType(Qt::PreciseTimer);
        connect(&m_beat, &QTimer::timeout, this, [this] { beat(); });
        m_beat.start(kBeat);
        restart();
    }

    /// Forgets what was measured, and starts a turn: call it before what is to be measured.
    void restart()
    {
        m_processor.clear();
        m_worstGap = 0.0;
        m_begin = processorMs();
        m_lastBeat = std::chrono::steady_clock::now();
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
        turn();  // the one that quit
        beat();
        return isDone();
    }

    double worstProcessorMs() const { return m_processor.empty() ? 0.0 : *std::ranges::max_element(m_processor); }
    double worstWallMs() const { return m_worstGap; }
    std::size_t turns() const { return m_processor.size(); }

    /// "loading: 812 turns, worst 9.2 ms of processor time, 14.1 ms by the wall clock"
    void print(const char* what) const
    {
        std::printf("%s: %zu turns, worst %.1f ms of processor time, %.1f ms by the wall clock\n", what, turns(),
                    worstProcessorMs(), worstWallMs());
        std::fflush(stdout);
    }

    /// Processor time of this thread: what work costs, however busy the machine is.
    static double processorMs()
    {
        timespec now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    }

private:
    static constexpr std::chrono::milliseconds kBeat{5};

    void turn()
    {
        const double now = processorMs();
        m_processor.push_back(now - m_begin);
        m_begin = now;
    }

    void beat()
    {
        const auto now = std::chrono::steady_clock::now();
        const std::chrono::duration<double, std::milli> gap = now - m_lastBeat - kBeat;
        m_worstGap = std::max(m_worstGap, gap.count());
        m_lastBeat = now;
    }

    QTimer m_beat;
    double m_begin = 0.0;
    std::chrono::steady_clock::time_point m_lastBeat;
    std::vector<double> m_processor;
    double m_worstGap = 0.0;
};

}  // namespace preflab::test
