// SPDX-License-Identifier: GPL-3.0-or-later
// Who may redraw when: one chart an event-loop turn, and all of them together at most 1 % of the time.
#pragma once

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QTimer>

namespace preflab {

class PlotArea;

/// One for each page. Charts say that they are out of date; hidden ones wait until they are seen.
class ChartScheduler : public QObject {
    Q_OBJECT

public:
    explicit ChartScheduler(QObject* parent = nullptr);

    void add(PlotArea* chart);
    /// Something is out of date, or has become visible: a round follows when the interval is over.
    void wake();
    /// The user has changed what a chart shows, and is waiting: a round follows at once.
    void wakeNow();
    /// What the last round cost, in milliseconds of processor time: drawing, and painting the window where it changed.
    double lastCost() const { return m_lastCost; }
    /// Milliseconds from the beginning of a round to that of the next: 100 times its cost, within 33 and 3000. Whatever
    /// else the window did during a round counts, too, so that one long turn must not stop the curves for long.
    int interval() const;
    /// Charts redrawn so far.
    int redraws() const { return m_redraws; }

private:
    void turn();
    void endRound();

    QList<QPointer<PlotArea>> m_charts;
    QTimer m_timer;
    QElapsedTimer m_sinceRound;
    qsizetype m_next = 0;  ///< in the round that is on
    bool m_isInRound = false, m_hasDrawn = false, m_isAwaited = false;
    double m_workBefore = 0.0;  ///< processor time of this thread when the round began
    double m_lastCost = 0.0;
    int m_redraws = 0;
};

}  // namespace preflab
