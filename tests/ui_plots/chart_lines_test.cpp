// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn of a series: a smoothed line over the raw one, bins above 5 000 points, gaps where there is no number.
#include "support/chart_samples.h"
#include "support/ui_test_main.h"

using namespace preflab;
using namespace preflab::test;

namespace {

/// Values of a graph by x.
std::vector<std::pair<double, double>> pointsOf(const QCPGraph& graph)
{
    std::vector<std::pair<double, double>> points;
    for (const QCPGraphData& point : *graph.data()) points.emplace_back(point.key, point.value);
    return points;
}

/// Whether a graph has a point without a number within a stretch of x, and none with one.
bool isGap(const QCPGraph& graph, double from, double to)
{
    int gaps = 0;
    for (const auto& [x, value] : pointsOf(graph)) {
        if (x < from || x > to) continue;
        if (std::isfinite(value)) return false;
        ++gaps;
    }
    return gaps > 0;
}

}  // namespace

class ChartLinesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smoothesWithoutBiasAndKeepsTheRawLine()
    {
        const auto store = curveOf(60, [](std::int64_t step) { return step % 2 == 0 ? 1.0 : 0.4; });
        const auto chart = lossChart(store);
        const auto raw = pointsOf(*chart->graph(0)), strong = pointsOf(*chart->graph(1));
        QCOMPARE(raw.size(), std::size_t{60});
        QCOMPARE(strong.size(), std::size_t{60});
        double sum = 0.0;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const double value = (i + 1) % 2 == 0 ? 1.0 : 0.4;
            QCOMPARE(raw[i].first, static_cast<double>(i + 1));
            QCOMPARE(raw[i].second, value);
            // Weighted mean of all so far: the first is the first value, not a tenth of it.
            sum = 0.9 * sum + value;
            const double weights = (1.0 - std::pow(0.9, static_cast<double>(i + 1))) / 0.1;
            QVERIFY(std::abs(strong[i].second - sum / weights) < 1e-12);
        }
        QCOMPARE(strong.front().second, 0.4);
        QVERIFY(chart->graph(0)->pen().color().alphaF() < 0.5F);
        QCOMPARE_GT(chart->graph(1)->pen().widthF(), chart->graph(0)->pen().widthF());
    }

    void withoutSmoothingThereIsOneLine()
    {
        const auto store = fallingCurve(60);
        const auto chart = lossChart(store);
        chart->setSmoothing(0.0);
        chart->redraw();
        QCOMPARE(chart->graph(0)->dataCount(), 0);
        QCOMPARE(chart->graph(1)->dataCount(), 60);
        QCOMPARE(chart->graph(1)->data()->at(7)->value, store->find("loss")->value(7));
    }

    void heldOutLinesAreDashedWithRingsAndNeverSmoothed()
    {
        const auto chart = lossChart(fallingCurve(100));
        QCPGraph* const heldOut = chart->graph(3);
        QCOMPARE(heldOut->dataCount(), 5);
        QCOMPARE(heldOut->data()->at(0)->value, 0.68);
        QCOMPARE(heldOut->data()->at(4)->value, 0.6);
        QCOMPARE(chart->graph(2)->dataCount(), 0);
        QCOMPARE(heldOut->scatterStyle().shape(), QCPScatterStyle::ssCircle);
        QCOMPARE(heldOut->pen().style(), Qt::CustomDashLine);
        QCOMPARE(chart->graph(1)->pen().style(), Qt::SolidLine);
        QCOMPARE(heldOut->pen().color(), chart->graph(1)->pen().color());
    }

    void theLegendSaysTheLatestValues()
    {
        const auto chart = lossChart(fallingCurve(100));
        const QList<LegendEntry> legend = chart->legend();
        QCOMPARE(legend.size(), 2);
        QCOMPARE(legend[0].name, QStringLiteral("train"));
        QCOMPARE(legend[1].value, QStringLiteral("0.600"));
        QVERIFY(chart->summary().contains(QStringLiteral("step 100")));
        QVERIFY(chart->summary().contains(QStringLiteral("held-out 0.600")));
        QCOMPARE(chart->accessibleDescription(), chart->summary());
    }

    void aMillionPointsBecomeAFewThousandWithTheirExtremes()
    {
        // One step in a million that leaps up, one that leaps down: they must not get lost.
        const auto store = curveOf(1'000'000, [](std::int64_t step) {
            if (step == 333'333) return 9.0;
            if (step == 777'777) return -7.0;
            return 0.5 + 0.01 * std::sin(static_cast<double>(step));
        });
        const auto chart = lossChart(store);
        for (int i = 0; i < chart->graphCount(); ++i) QCOMPARE_LE(chart->graph(i)->dataCount(), 7000);
        bool isFound = false;
        const QCPRange raw = chart->graph(0)->getValueRange(isFound);
        QVERIFY(isFound);
        QCOMPARE(raw.upper, 9.0);
        QCOMPARE(raw.lower, -7.0);
        for (const auto& [x, value] : pointsOf(*chart->graph(0))) {
            const double pixel = 1'000'000.0 / chart->axisRect()->width();
            if (value == 9.0) QVERIFY(std::abs(x - 333'333.0) < pixel);
            if (value == -7.0) QVERIFY(std::abs(x - 777'777.0) < pixel);
        }
        QVERIFY(chart->yAxis->range().contains(9.0) && chart->yAxis->range().contains(-7.0));
        QVERIFY(!chart->graph(0)->antialiased());
        QCOMPARE(chart->graph(0)->pen().widthF(), 1.0);
        chart->zoomTo(1000.0, 1999.0);
        chart->redraw();
        QVERIFY(std::abs(chart->graph(0)->dataCount() - 1001) <= 2);  // zoomed in: every point
        QCOMPARE(chart->graph(0)->data()->at(10)->key - chart->graph(0)->data()->at(9)->key, 1.0);
        QVERIFY(chart->graph(0)->antialiased());
    }

    void binsBeginAboveFiveThousandPoints()
    {
        const auto few = lossChart(fallingCurve(5000));
        QCOMPARE(few->graph(0)->dataCount(), 5000);
        const auto many = lossChart(fallingCurve(5200));
        QCOMPARE_LT(many->graph(0)->dataCount(), 3300);
    }

    void whereThereIsNoNumberTheLineHasAGap()
    {
        const auto store = curveOf(100, [](std::int64_t step) { return step > 40 && step < 60 ? kNoNumber : 0.5; });
        const auto chart = lossChart(store);
        const QColor ink = currentTheme().color(QStringLiteral("series.1"));
        chart->setLines({lineOf(store, "loss", QStringLiteral("train"))});
        chart->redraw();
        QVERIFY(isGap(*chart->graph(0), 41.0, 59.0));
        QVERIFY(isGap(*chart->graph(1), 41.0, 59.0));
        QVERIFY(isDrawnAt(*chart, 30.0, ink));
        QVERIFY(isDrawnAt(*chart, 70.0, ink));
        QVERIFY(!isDrawnAt(*chart, 50.0, ink));
        // The average goes on where it stopped.
        QVERIFY(std::abs(chart->graph(1)->data()->at(99)->value - 0.5) < 1e-12);
        QVERIFY(chart->yAxis->range().size() < 1.0);
    }

    void gapsStayGapsInBins()
    {
        const auto store =
            curveOf(100'000, [](std::int64_t step) { return step > 40'000 && step < 60'000 ? kNoNumber : 0.5; });
        const auto chart = lossChart(store);
        const QColor ink = currentTheme().color(QStringLiteral("series.1"));
        for (const double weight : {0.9, 0.0}) {
            chart->setLines({lineOf(store, "loss", QStringLiteral("train"))});
            chart->setSmoothing(weight);
            chart->redraw();
            QVERIFY(isDrawnAt(*chart, 30'000.0, ink));
            QVERIFY(!isDrawnAt(*chart, 50'000.0, ink));
            QVERIFY(isGap(*chart->graph(weight > 0.0 ? 0 : 1), 40'200.0, 59'800.0));
        }
    }

    void endlessValuesAreGapsToo()
    {
        const auto store = curveOf(100, [](std::int64_t step) { return step > 40 && step < 60 ? HUGE_VAL : 0.5; });
        const auto chart = lossChart(store);
        const QColor ink = currentTheme().color(QStringLiteral("series.1"));
        chart->setLines({lineOf(store, "loss", QStringLiteral("train"))});
        chart->redraw();
        QVERIFY(isDrawnAt(*chart, 30.0, ink));
        QVERIFY(isDrawnAt(*chart, 70.0, ink));
        QVERIFY(!isDrawnAt(*chart, 50.0, ink));
        QVERIFY(!isDrawnAt(*chart, 40.5, ink));  // no line that shoots up
        QVERIFY(chart->yAxis->range().size() < 1.0);
    }
};

PREFLAB_UI_TEST_MAIN(ChartLinesTest)
#include "chart_lines_test.moc"
