// SPDX-License-Identifier: GPL-3.0-or-later
// A chart follows its run until the user moves it: by wheel, drag, box, keys; its value axis can be logarithmic.
#include "support/chart_samples.h"
#include "support/ui_test_main.h"

#include <QSignalSpy>

using namespace preflab;
using namespace preflab::test;

class ChartMovesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = fallingCurve(100);
        m_chart = lossChart(m_store);
    }

    void leavesTheRestOfTheBudgetEmpty()
    {
        m_chart->setReferences({{0.9, QStringLiteral("a meaning")}});
        m_chart->setBudget(400.0);
        m_chart->redraw();
        QCOMPARE(m_chart->xAxis->range(), QCPRange(0.0, 400.0));
        QVERIFY(m_chart->yAxis->range().contains(0.9));
        appendLoss(*m_store, 500, 0.5);  // longer than was thought
        m_chart->redraw();
        QCOMPARE(m_chart->xAxis->range().upper, 500.0);
    }

    void followsNewPointsUntilTheWheelZooms()
    {
        QVERIFY(m_chart->isFollowing());
        appendLoss(*m_store, 150, 0.2);
        m_chart->redraw();
        QCOMPARE(m_chart->xAxis->range().upper, 150.0);
        QVERIFY(m_chart->yAxis->range().contains(0.2));

        QSignalSpy follow(m_chart.get(), &PlotArea::followChanged);
        const double under = m_chart->xAxis->pixelToCoord(middleOf(*m_chart).x());
        turnWheel(*m_chart, middleOf(*m_chart));
        QVERIFY(!m_chart->isFollowing());
        QCOMPARE(follow.size(), 1);
        const QCPRange zoomed = m_chart->xAxis->range();
        QCOMPARE_LT(zoomed.size(), 120.0);
        // What is under the pointer stays there.
        QVERIFY(std::abs(m_chart->xAxis->pixelToCoord(middleOf(*m_chart).x()) - under) < 1e-9);
        appendLoss(*m_store, 300, 0.1);
        m_chart->redraw();
        QCOMPARE(m_chart->xAxis->range(), zoomed);
        turnWheel(*m_chart, middleOf(*m_chart));
        QCOMPARE(follow.size(), 1);  // said once

        QTest::keyClick(m_chart.get(), Qt::Key_0);
        QCOMPARE(follow.size(), 2);
        m_chart->redraw();
        QCOMPARE(m_chart->xAxis->range().upper, 300.0);
    }

    void ctrlWheelZoomsTheValues()
    {
        const QCPRange x = m_chart->xAxis->range(), y = m_chart->yAxis->range();
        turnWheel(*m_chart, middleOf(*m_chart), Qt::ControlModifier);
        QCOMPARE(m_chart->xAxis->range(), x);
        QCOMPARE_LT(m_chart->yAxis->range().size(), y.size());
        QVERIFY(!m_chart->isFollowing());
        const QCPRange zoomed = m_chart->yAxis->range();
        appendLoss(*m_store, 101, 5.0);
        m_chart->redraw();
        QCOMPARE(m_chart->yAxis->range(), zoomed);
        QTest::mouseDClick(m_chart.get(), Qt::LeftButton, {}, middleOf(*m_chart));
        QVERIFY(m_chart->isFollowing());
        m_chart->redraw();
        QVERIFY(m_chart->yAxis->range().contains(5.0));
    }

    void aDragPans()
    {
        QTest::mousePress(m_chart.get(), Qt::LeftButton, {}, middleOf(*m_chart));
        QVERIFY(m_chart->isFollowing());  // a click alone is no move
        drag(middleOf(*m_chart) - QPoint(80, 0));
        QTest::mouseRelease(m_chart.get(), Qt::LeftButton, {}, middleOf(*m_chart) - QPoint(80, 0));
        QVERIFY(!m_chart->isFollowing());
        QCOMPARE_GT(m_chart->xAxis->range().lower, 5.0);
        QVERIFY(std::abs(m_chart->xAxis->range().size() - 100.0) < 1e-6);
    }

    void shiftDragZoomsIntoABox()
    {
        const QRect area = m_chart->axisRect()->rect();
        const QPoint from = area.topLeft() + QPoint(area.width() / 4, area.height() / 4);
        const QPoint to = area.bottomRight() - QPoint(area.width() / 4, area.height() / 4);
        QTest::mousePress(m_chart.get(), Qt::LeftButton, Qt::ShiftModifier, from);
        drag(to);
        QTest::mouseRelease(m_chart.get(), Qt::LeftButton, Qt::ShiftModifier, to);
        QVERIFY(!m_chart->isFollowing());
        QVERIFY2(std::abs(m_chart->xAxis->range().lower - 25.0) < 2.0 &&
                     std::abs(m_chart->xAxis->range().upper - 75.0) < 2.0,
                 qPrintable(
                     QStringLiteral("%1 to %2").arg(m_chart->xAxis->range().lower).arg(m_chart->xAxis->range().upper)));
    }

    void theValueAxisCanBeLogarithmic()
    {
        m_store =
            curveOf(100, [](std::int64_t step) { return std::pow(10.0, -4.0 * static_cast<double>(step) / 100.0); });
        m_chart = lossChart(m_store);
        QTest::keyClick(m_chart.get(), Qt::Key_L);
        m_chart->redraw();
        QCOMPARE(m_chart->yScale(), PlotArea::YScale::Logarithmic);
        QCOMPARE(m_chart->yAxis->scaleType(), QCPAxis::stLogarithmic);
        QVERIFY(m_chart->yAxis->range().contains(1e-4));
        QCOMPARE_GT(m_chart->yAxis->range().lower, 1e-5);
        // Equal ratios are equally far apart.
        const double decade = m_chart->yAxis->coordToPixel(0.01) - m_chart->yAxis->coordToPixel(0.1);
        QVERIFY(std::abs(m_chart->yAxis->coordToPixel(0.001) - m_chart->yAxis->coordToPixel(0.01) - decade) < 1e-6);
        QTest::keyClick(m_chart.get(), Qt::Key_L);
        QCOMPARE(m_chart->yScale(), PlotArea::YScale::Linear);
    }

    void staysLinearWhereThereIsNoLogarithm_data()
    {
        QTest::addColumn<double>("value");
        QTest::newRow("zero") << 0.0;
        QTest::newRow("negative") << -0.4;
    }

    void staysLinearWhereThereIsNoLogarithm()
    {
        QFETCH(double, value);
        appendLoss(*m_store, 101, value);
        m_chart->redraw();
        QTest::keyClick(m_chart.get(), Qt::Key_L);
        QCOMPARE(m_chart->yScale(), PlotArea::YScale::Linear);
        QCOMPARE(m_chart->yAxis->scaleType(), QCPAxis::stLinear);
    }

    void aReferenceLineAtZeroKeepsItLinearToo()
    {
        m_chart->setReferences({{0.0, QString()}});
        m_chart->redraw();
        m_chart->setYScale(PlotArea::YScale::Logarithmic);
        QCOMPARE(m_chart->yScale(), PlotArea::YScale::Linear);
    }

    void becomesLinearAgainWhenAValueWithoutLogarithmArrives()
    {
        m_chart->setYScale(PlotArea::YScale::Logarithmic);
        m_chart->redraw();
        QCOMPARE(m_chart->yScale(), PlotArea::YScale::Logarithmic);
        appendLoss(*m_store, 101, -0.2);
        m_chart->redraw();
        QCOMPARE(m_chart->yScale(), PlotArea::YScale::Linear);
        QCOMPARE(m_chart->yAxis->scaleType(), QCPAxis::stLinear);
        QVERIFY(m_chart->yAxis->range().contains(-0.2));
        QVERIFY(m_chart->yAxis->range().contains(0.69));
        QCOMPARE_GT(m_chart->yAxis->range().lower, -0.5);
    }

private:
    /// Moves the pointer there with the left button held.
    void drag(const QPoint& to)
    {
        for (const QPoint& at : {(middleOf(*m_chart) + to) / 2, to}) {
            QMouseEvent move(QEvent::MouseMove, at, m_chart->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
            QApplication::sendEvent(m_chart.get(), &move);
        }
    }

    std::shared_ptr<MetricsStore> m_store;
    std::unique_ptr<LineChart> m_chart;
};

PREFLAB_UI_TEST_MAIN(ChartMovesTest)
#include "chart_moves_test.moc"
