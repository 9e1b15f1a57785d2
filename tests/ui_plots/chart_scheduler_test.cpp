// SPDX-License-Identifier: GPL-3.0-or-later
// The charts of a page take turns: one for each turn of the event loop, a pause by what they cost, none that is hidden.
#include "support/chart_samples.h"
#include "support/turn_meter.h"
#include "support/ui_test_main.h"
#include "ui/plots/chart_scheduler.h"

#include <QAbstractEventDispatcher>
#include <QGridLayout>
#include <QTimer>

#include <set>

using namespace preflab;
using namespace preflab::test;

namespace {

/// A plot of nothing that takes so much processor time to draw.
class CostlyPlot : public PlotArea {
public:
    using PlotArea::PlotArea;

    double milliseconds = 0.0;
    QList<LegendEntry> legend() const override { return {}; }
    std::function<PlotTable()> tableWork() const override
    {
        return [] { return PlotTable(); };
    }
    QString summary() const override { return {}; }

protected:
    void takeData(const QCPRange&) override
    {
        const double end = TurnMeter::processorMs() + milliseconds;
        while (TurnMeter::processorMs() < end) {}
    }
    QCPRange wholeX() const override { return {0.0, 1.0}; }
    QCPRange wholeY(const QCPRange&) const override { return {0.0, 1.0}; }
};

}  // namespace

class ChartSchedulerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = fallingCurve(500);
        m_page = std::make_unique<QWidget>();
        m_scheduler = std::make_unique<ChartScheduler>();
        auto* grid = new QGridLayout(m_page.get());
        for (int i = 0; i < 6; ++i) {
            LineChart* chart = lossChart(m_store, m_page.get()).release();  // the page owns it
            grid->addWidget(chart, i / 3, i % 3);
            m_scheduler->add(chart);
            m_charts.push_back(chart);
        }
        m_page->resize(1200, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QCoreApplication::processEvents();  // what showing them asked for
        for (LineChart* chart : m_charts) QVERIFY(chart->isSeen());
        QTRY_VERIFY(!isAnyOld());
    }

    void cleanup()
    {
        m_charts.clear();
        m_page.reset();
        m_scheduler.reset();
    }

    void oneChartIsRedrawnATurn()
    {
        int turn = 0;
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, m_page.get(), [&] { ++turn; });
        std::vector<int> turns;
        for (LineChart* chart : m_charts)
            connect(chart, &QCustomPlot::afterReplot, chart, [&] { turns.push_back(turn); });
        const int before = m_scheduler->redraws();
        for (LineChart* chart : m_charts) chart->invalidate();
        QTRY_VERIFY(!isAnyOld());
        QCOMPARE(m_scheduler->redraws() - before, 6);
        QCOMPARE(turns.size(), std::size_t{6});
        QCOMPARE(std::set<int>(turns.begin(), turns.end()).size(), std::size_t{6});
    }

    void newPointsAreDrawnWithoutBeingAsked()
    {
        appendLoss(*m_store, 900, 0.4);
        for (LineChart* chart : m_charts) chart->invalidate();
        QTRY_COMPARE(m_charts[5]->xAxis->range().upper, 900.0);
        for (LineChart* chart : m_charts) QCOMPARE(chart->xAxis->range().upper, 900.0);
    }

    void manyChangesAreOneRedraw()
    {
        const int before = m_scheduler->redraws();
        for (int i = 0; i < 1000; ++i) m_charts[0]->invalidate();
        QTRY_VERIFY(!m_charts[0]->isOutOfDate());
        m_charts[1]->invalidate();
        QTRY_VERIFY(!m_charts[1]->isOutOfDate());
        QCOMPARE(m_scheduler->redraws() - before, 2);
    }

    void aHiddenChartWaitsUntilItIsSeen()
    {
        m_charts[2]->hide();
        QTRY_VERIFY(!isAnyOld());
        const int before = m_scheduler->redraws();
        m_charts[2]->invalidate();
        m_charts[3]->invalidate();
        QTRY_VERIFY(!m_charts[3]->isOutOfDate());
        QTRY_VERIFY(!isAnyOld());
        QVERIFY(m_charts[2]->isOutOfDate());  // a mark, no work
        QCOMPARE_GE(m_scheduler->redraws() - before, 1);
        m_charts[2]->show();
        QTRY_VERIFY(!m_charts[2]->isOutOfDate());
    }

    void aChartThatHasGoneIsNotMissed()
    {
        delete m_charts[0];
        m_charts.erase(m_charts.begin());
        for (LineChart* chart : m_charts) chart->invalidate();
        QTRY_VERIFY(!isAnyOld());
    }

    void thePauseGrowsWithTheCost()
    {
        ChartScheduler scheduler;
        CostlyPlot plot(QStringLiteral("Costly"));
        plot.milliseconds = 8.0;
        plot.resize(200, 150);
        struct Redraw {
            int turns = 0;   ///< of the event loop until then
            int number = 0;  ///< of the scheduler's redraws
        };
        std::vector<Redraw> redraws;
        int turns = 0;
        QTimer everyTurn;
        connect(&everyTurn, &QTimer::timeout, &plot, [&turns] { ++turns; });
        everyTurn.start(0);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        scheduler.add(&plot);
        plot.invalidate();
        QTRY_VERIFY(scheduler.redraws() > 0 && scheduler.lastCost() > 0.0);
        QCOMPARE_GE(scheduler.lastCost(), 8.0);
        QCOMPARE(scheduler.interval(), static_cast<int>(100.0 * scheduler.lastCost()));
        // Out of date again at once, whenever it was drawn: it must still wait.
        connect(&plot, &QCustomPlot::afterReplot, &plot, [&] {
            redraws.push_back({turns, scheduler.redraws()});
            QMetaObject::invokeMethod(
                &plot, [&plot] { plot.invalidate(); }, Qt::QueuedConnection);
        });
        plot.invalidate();
        QTRY_VERIFY(redraws.size() >= 4);
        for (std::size_t i = 2; i < redraws.size(); ++i) {
            QCOMPARE_GE(redraws[i].turns - redraws[i - 1].turns, 10);
            QCOMPARE(redraws[i].number, redraws[i - 1].number + 1);
        }
        const int slow = scheduler.interval();
        plot.milliseconds = 0.0;
        QTRY_VERIFY(scheduler.interval() < slow / 2);
        QCOMPARE(scheduler.interval(), std::max(33, static_cast<int>(100.0 * scheduler.lastCost())));
    }

    void whatTheUserChangesIsShownAtOnce()
    {
        ChartScheduler scheduler;
        CostlyPlot plot(QStringLiteral("Costly"));
        plot.milliseconds = 20.0;
        plot.resize(200, 150);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        scheduler.add(&plot);
        plot.invalidate();
        QTRY_VERIFY(scheduler.lastCost() >= 20.0);
        // Timers come in the order of their times, however late all of them are.
        bool isHalfOver = false;
        std::vector<bool> redraws;  ///< whether half the interval was over
        connect(&plot, &QCustomPlot::afterReplot, &plot, [&] { redraws.push_back(isHalfOver); });
        QTimer::singleShot(scheduler.interval() / 2, &plot, [&isHalfOver] { isHalfOver = true; });
        plot.zoomTo(0.0, 0.5);
        QTRY_VERIFY(!redraws.empty());
        QVERIFY(!redraws.front());
    }

    void oneLongRoundDoesNotStopTheCurvesForLong()
    {
        ChartScheduler scheduler;
        CostlyPlot plot(QStringLiteral("Costly"));
        plot.milliseconds = 200.0;
        plot.resize(200, 150);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        scheduler.add(&plot);
        plot.invalidate();
        QTRY_VERIFY(scheduler.lastCost() >= 200.0);
        QCOMPARE(scheduler.interval(), 3000);
    }

private:
    bool isAnyOld() const
    {
        return std::ranges::any_of(m_charts, [](const auto* chart) { return chart->isSeen() && chart->isOutOfDate(); });
    }

    std::shared_ptr<MetricsStore> m_store;
    std::unique_ptr<QWidget> m_page;
    std::unique_ptr<ChartScheduler> m_scheduler;
    std::vector<LineChart*> m_charts;
};

PREFLAB_UI_TEST_MAIN(ChartSchedulerTest)
#include "chart_scheduler_test.moc"
