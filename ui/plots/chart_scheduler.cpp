// SPDX-License-Identifier: GPL-3.0-or-later
// Rounds over the charts of a page.
#include "ui/plots/chart_scheduler.h"

#include "ui/plots/plot_area.h"

#include <algorithm>
#include <ctime>

namespace preflab {
namespace {

constexpr int kShortest = 33, kLongest = 3000;  ///< milliseconds
/// Training waits on all processors for the one that draws, so that drawing must stay well below the 2 % by which a
/// window may slow it; the rest of the window takes its share, too.
constexpr double kTimesCost = 100.0;

/// Processor time of this thread: what drawing costs, however busy training keeps the processors.
double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

}  // namespace

ChartScheduler::ChartScheduler(QObject* parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ChartScheduler::turn);
}

void ChartScheduler::add(PlotArea* chart)
{
    m_charts.push_back(chart);
    chart->setScheduler(this);
}

int ChartScheduler::interval() const
{
    return static_cast<int>(std::clamp<double>(kTimesCost * m_lastCost, kShortest, kLongest));
}

void ChartScheduler::wakeNow()
{
    m_isAwaited = true;
    if (!m_isInRound) m_timer.start(0);
}

void ChartScheduler::wake()
{
    if (m_isInRound || m_timer.isActive()) return;
    const qint64 passed = m_sinceRound.isValid() ? m_sinceRound.elapsed() : interval();
    m_timer.start(static_cast<int>(std::clamp<qint64>(interval() - passed, 0, interval())));
}

void ChartScheduler::turn()
{
    if (!m_isInRound) {
        m_isInRound = true;
        m_isAwaited = false;
        m_hasDrawn = false;
        m_next = 0;
        m_workBefore = threadMilliseconds();
        m_sinceRound.start();
    }
    while (m_next < m_charts.size()) {
        PlotArea* chart = m_charts[m_next++];
        if (chart == nullptr || !chart->isOutOfDate() || !chart->isSeen()) continue;
        chart->redraw();
        m_hasDrawn = true;
        ++m_redraws;
        m_timer.start(0);  // the next chart in the next turn; after the last one, the end when all are on the screen
        return;
    }
    endRound();
}

void ChartScheduler::endRound()
{
    m_isInRound = false;
    if (m_hasDrawn) m_lastCost = threadMilliseconds() - m_workBefore;
    m_charts.removeAll(nullptr);
    const bool hasMore =
        std::ranges::any_of(m_charts, [](const PlotArea* chart) { return chart->isOutOfDate() && chart->isSeen(); });
    if (hasMore && m_isAwaited)
        wakeNow();
    else if (hasMore)
        wake();
}

}  // namespace preflab
