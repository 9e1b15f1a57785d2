// SPDX-License-Identifier: GPL-3.0-or-later
// One crosshair through all charts of a page, by pointer and by keys, with a readout where it is moved.
#include "support/chart_samples.h"
#include "support/ui_test_main.h"
#include "ui/plots/crosshair.h"
#include "ui/plots/readout.h"

#include <QSignalSpy>

using namespace preflab;
using namespace preflab::test;

class CrosshairTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = fallingCurve(100);
        m_crosshair = std::make_unique<Crosshair>();
        m_first = lossChart(m_store);
        m_second = lossChart(m_store);
        m_first->setCrosshair(m_crosshair.get());
        m_second->setCrosshair(m_crosshair.get());
        QCoreApplication::processEvents();  // what showing them asked for
    }

    void cleanup()
    {
        m_first.reset();
        m_second.reset();
    }

    void thePointerReadsTheNearestStepInAllCharts()
    {
        pointAt(*m_first, 42.3);
        QCOMPARE(m_crosshair->x().value(), 42.0);
        QVERIFY(m_first->readoutText().startsWith(QStringLiteral("step 42: ")));
        QVERIFY(m_second->readoutText().startsWith(QStringLiteral("step 42: ")));
        // The box stands in the chart that is pointed at only.
        QVERIFY(boxOf(*m_first).isVisible());
        QVERIFY(!boxOf(*m_second).isVisible());
        QCOMPARE(m_first->accessibleDescription(), m_first->readoutText());
        pointAt(*m_second, 77.0);
        QVERIFY(m_first->readoutText().startsWith(QStringLiteral("step 77: ")));
        QVERIFY(!boxOf(*m_first).isVisible());
        QVERIFY(boxOf(*m_second).isVisible());
    }

    void theReadoutNamesEveryCurve()
    {
        m_store = curveOf(10, [](std::int64_t step) { return step < 10 ? 0.5 : 0.3; });
        m_first->setLines({lineOf(m_store, "loss", QStringLiteral("train")),
                           lineOf(m_store, "eval_loss", QStringLiteral("held-out"))});
        m_first->redraw();
        m_crosshair->moveTo(10.0, m_first.get());
        const QString text = m_first->readoutText();
        QVERIFY2(text.contains(QStringLiteral("raw 0.300")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("smoothed 0.469")), qPrintable(text));  // (1 - 0.9) / (1 - 0.9^10) of it
        QVERIFY2(text.contains(QStringLiteral("held-out 0.600")), qPrintable(text));
        // Rows stand in the order of their values.
        QVERIFY(text.indexOf(QStringLiteral("held-out")) < text.indexOf(QStringLiteral("smoothed")));
        QVERIFY(text.indexOf(QStringLiteral("smoothed")) < text.indexOf(QStringLiteral("raw")));
    }

    void theBoxStaysInsideAndOffTheLastPoints()
    {
        for (const double x : {1.0, 25.0, 50.0, 75.0, 100.0}) {
            m_crosshair->moveTo(x, m_first.get());
            const QRect box = boxOf(*m_first).geometry();
            QVERIFY(m_first->rect().contains(box));
            const QCPGraphData last = *(m_first->graph(1)->data()->constEnd() - 1);
            QVERIFY(!QRectF(box).contains(m_first->graph(1)->coordsToPixels(last.key, last.value)));
        }
    }

    void keysMoveItByPoints()
    {
        QTest::keyClick(m_first.get(), Qt::Key_Left);
        QCOMPARE(m_crosshair->x().value(), 100.0);
        QTest::keyClick(m_first.get(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(m_crosshair->x().value(), 90.0);
        QTest::keyClick(m_first.get(), Qt::Key_Right);
        QCOMPARE(m_crosshair->x().value(), 91.0);
        QVERIFY(m_second->readoutText().startsWith(QStringLiteral("step 91: ")));
        for (int i = 0; i < 3; ++i) QTest::keyClick(m_first.get(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(m_crosshair->x().value(), 100.0);  // not beyond the last
        QTest::keyClick(m_first.get(), Qt::Key_Escape);
        QVERIFY(!m_crosshair->x());
        QVERIFY(m_first->readoutText().isEmpty());
        QVERIFY(m_second->readoutText().isEmpty());
    }

    void movingItDrawsNoCurves()
    {
        QSignalSpy drawn(m_second.get(), &QCustomPlot::afterReplot);
        pointAt(*m_first, 20.0);
        pointAt(*m_first, 30.0);
        QCoreApplication::processEvents();
        QCOMPARE(drawn.size(), 0);
        QVERIFY(!m_second->isOutOfDate());
    }

    void leavingTheChartTakesItAway()
    {
        pointAt(*m_first, 42.0);
        QVERIFY(m_crosshair->x());
        m_first->clearFocus();
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(m_first.get(), &leave);
        QVERIFY(!m_crosshair->x());
        QVERIFY(!boxOf(*m_first).isVisible());
    }

    void hiddenItIsNowhereAndComesBack()
    {
        pointAt(*m_first, 42.0);
        m_crosshair->setMode(Crosshair::Mode::Hidden);
        QVERIFY(m_first->readoutText().isEmpty());
        QVERIFY(!boxOf(*m_first).isVisible());
        pointAt(*m_first, 50.0);
        QVERIFY(m_second->readoutText().isEmpty());
        m_crosshair->setMode(Crosshair::Mode::Shown);
        QVERIFY(m_second->readoutText().startsWith(QStringLiteral("step 50: ")));
    }

    void readsOnOtherAxes()
    {
        m_first->setXAxis(XAxis::Seconds);
        m_first->redraw();
        pointAt(*m_first, 45.0);
        QCOMPARE(m_crosshair->x().value(), 45.0);
        QVERIFY2(m_first->readoutText().startsWith(QStringLiteral("0:45: ")), qPrintable(m_first->readoutText()));
    }

    void valuesThatAreNoNumberComeLast()
    {
        m_store = curveOf(10, [](std::int64_t step) { return step == 10 ? kNoNumber : 0.4; });
        auto low = lineOf(m_store, "eval_loss", QStringLiteral("low"));
        auto gap = lineOf(m_store, "loss", QStringLiteral("gap"));
        gap.smoothing = ChartLine::Smoothing::AsMeasured;
        const auto high = curveOf(10, [](std::int64_t) { return 0.9; });
        auto top = lineOf(high, "loss", QStringLiteral("top"));
        top.smoothing = ChartLine::Smoothing::AsMeasured;
        m_first->setLines({low, gap, top});
        m_first->redraw();
        m_crosshair->moveTo(10.0, m_first.get());
        const QString text = m_first->readoutText();
        QVERIFY2(text.indexOf(QStringLiteral("top")) < text.indexOf(QStringLiteral("low")), qPrintable(text));
        QVERIFY2(text.indexOf(QStringLiteral("low")) < text.indexOf(QStringLiteral("gap")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("gap –")) || text.contains(QStringLiteral("gap —")), qPrintable(text));
    }

private:
    static Readout& boxOf(const LineChart& chart) { return *chart.findChild<Readout*>(); }

    /// The pointer over a place of the x axis.
    static void pointAt(LineChart& chart, double x)
    {
        const QPoint at(static_cast<int>(std::round(chart.xAxis->coordToPixel(x))), middleOf(chart).y());
        QMouseEvent move(QEvent::MouseMove, at, chart.mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QApplication::sendEvent(&chart, &move);
    }

    std::shared_ptr<MetricsStore> m_store;
    std::unique_ptr<Crosshair> m_crosshair;
    std::unique_ptr<LineChart> m_first, m_second;
};

PREFLAB_UI_TEST_MAIN(CrosshairTest)
#include "crosshair_test.moc"
