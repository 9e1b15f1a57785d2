// SPDX-License-Identifier: GPL-3.0-or-later
// Rounds over the charts of a page.
#include "ui/plots/chart_scheduler.h"

#include "ui/plots/plot_area.h"

#include <algorithm>

namespace preflab {
namespace {

constexpr int kShortest = 33;
/// Training waits on all processors for the one that draws, so that drawing must stay well below the 2 % by which a
/// window may slow it; the rest of the window takes its share, too.
constexpr double kTimesCost = 75.0;

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
    return std::max(kShortest, static_cast<int>(kTimesCost * m_lastCost));
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
        m_next = 0;
        m_cost = 0.0;
        m_sinceRound.start();
    }
    while (m_next < m_charts.size()) {
        PlotArea* chart = m_charts[m_next++];
        if (chart == nullptr || !chart->isOutOfDate() || !chart->isSeen()) continue;
        m_cost += chart->redraw();
        ++m_redraws;
        m_timer.start(0);   // the next chart in the next turn
        return;
    }
    m_isInRound = false;
    if (m_cost > 0.0) m_lastCost = m_cost;
    m_charts.removeAll(nullptr);
    const bool hasMore = std::ranges::any_of(m_charts, [](const PlotArea* chart) {
        return chart->isOutOfDate() && chart->isSeen();
    });
    if (hasMore) wake();
}

}  // namespace preflab
