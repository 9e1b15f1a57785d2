// SPDX-License-Identifier: GPL-3.0-or-later
// Charts as pictures, drawings and numbers: as files, and as a table.
#include "core/base/error.h"
#include "support/chart_samples.h"
#include "support/files.h"
#include "support/grab.h"
#include "support/ui_test_main.h"
#include "ui/plots/chart_export.h"
#include "ui/plots/plot_table_model.h"

#include <QAbstractItemModelTester>
#include <QXmlStreamReader>

using namespace preflab;
using namespace preflab::test;

namespace {

/// All text of a drawing, and whether it is well-formed.
struct Drawing {
    bool isWellFormed = false;
    QStringList texts;
    int paths = 0;

    static Drawing of(const QByteArray& svg)
    {
        Drawing drawing;
        QXmlStreamReader reader(svg);
        while (!reader.atEnd()) {
            reader.readNext();
            if (reader.isCharacters() && !reader.isWhitespace())
                drawing.texts.push_back(reader.text().toString().trimmed());
            if (reader.isStartElement() &&
                (reader.name() == QLatin1String("path") || reader.name() == QLatin1String("polyline")))
                ++drawing.paths;
        }
        drawing.isWellFormed = !reader.hasError();
        return drawing;
    }
};

}  // namespace

class ChartExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { wear(ThemeKind::Light); }

    void aPictureIsLightOnWhiteInEveryTheme()
    {
        wear(ThemeKind::Dark);
        const auto chart = lossChart(fallingCurve(50));
        const QImage picture = QImage::fromData(exportOf(*chart, ExportFormat::Png, {600, 400})(), "PNG");
        QCOMPARE(picture.size(), QSize(1200, 800));  // twice as fine
        QCOMPARE(picture.pixelColor(2, 2), QColor(Qt::white));
        const QColor ink = makeTheme(ThemeKind::Light).color(QStringLiteral("series.1"));
        int inked = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) inked += picture.pixelColor(x, y) == ink ? 1 : 0;
        QCOMPARE_GT(inked, 500);
        // The chart itself is dark as before.
        chart->redraw();
        QVERIFY(chart->toPixmap(500, 300).toImage().pixelColor(2, 2).lightness() < 80);
    }

    void aDrawingHasTitleLegendAndMeanings()
    {
        const auto chart = lossChart(fallingCurve(50));
        chart->setReferences({{0.6931, QStringLiteral("ln 2: no preference learned")}});
        chart->redraw();
        const Drawing drawing = Drawing::of(exportOf(*chart, ExportFormat::Svg)());
        QVERIFY(drawing.isWellFormed);
        for (const char* text : {"Loss", "train", "held-out", "ln 2: no preference learned"})
            QVERIFY2(drawing.texts.contains(QLatin1String(text)), text);
        QCOMPARE_GT(drawing.paths, 3);
    }

    void anExportLeavesTheChartAsItWas()
    {
        const auto chart = lossChart(fallingCurve(50));
        chart->zoomTo(10.0, 20.0);
        chart->redraw();
        const QCPRange y = chart->yAxis->range();
        exportOf(*chart, ExportFormat::Svg)();
        exportOf(*chart, ExportFormat::Png)();
        chart->redraw();
        QCOMPARE(chart->xAxis->range(), QCPRange(10.0, 20.0));
        QCOMPARE(chart->yAxis->range(), y);
        QVERIFY(!chart->isFollowing());
    }

    void numbersAreAllThereInFull()
    {
        const auto store = curveOf(
            10, [](std::int64_t step) { return step == 3 ? kNoNumber : 0.123456789 * static_cast<double>(step); });
        const auto chart = lossChart(store);
        chart->setLines({lineOf(store, "loss", QStringLiteral("a \"good\" run")),
                         lineOf(store, "eval_loss", QStringLiteral("held-out, all"))});
        chart->zoomTo(4.0, 5.0);  // whatever is visible
        const QList<QByteArray> lines = exportOf(*chart, ExportFormat::Csv)().split('\n');
        QCOMPARE(lines[0], QByteArray("\"Step\",\"a \"\"good\"\" run\",\"held-out, all\""));
        QCOMPARE(lines.size(), 12);                        // with the one after the last
        QCOMPARE(lines[1], QByteArray("1,0.123456789,"));  // not evaluated at step 1
        QCOMPARE(lines[2], QByteArray("2,0.246913578,0.68"));
        QCOMPARE(lines[3], QByteArray("3,,"));
        QCOMPARE(lines[11], QByteArray());
    }

    void anEmptyChartExportsToo()
    {
        const auto chart = lossChart(std::make_shared<MetricsStore>());
        QCOMPARE(exportOf(*chart, ExportFormat::Csv)(), QByteArray("\"Step\",\"train\",\"held-out\"\n"));
        QVERIFY(Drawing::of(exportOf(*chart, ExportFormat::Svg)()).isWellFormed);
        QVERIFY(!QImage::fromData(exportOf(*chart, ExportFormat::Png)(), "PNG").isNull());
        QVERIFY(chart->summary().contains(QStringLiteral("nothing measured yet")));
    }

    void isATableToo_data()
    {
        QTest::addColumn<int>("steps");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("many") << 2500;
    }

    void isATableToo()
    {
        QFETCH(int, steps);
        PlotTableModel model(lossChart(fallingCurve(steps))->tableWork()());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), steps);
        QCOMPARE(model.columnCount(), 3);
        QCOMPARE(model.rowCount(model.index(0, 0)), 0);
        QCOMPARE(model.headerData(2, Qt::Horizontal).toString(), QStringLiteral("held-out"));
        if (steps < 2) return;
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("1"));
        QCOMPARE(model.index(0, 2).data().toString(), QString());  // not evaluated
        QCOMPARE(model.index(499, 2).data().toString(), QStringLiteral("0.680000"));
        QCOMPARE(model.index(steps, 0), QModelIndex());
    }

    void aTableOfNothingIsEmpty()
    {
        PlotTableModel model{PlotTable()};
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.columnCount(), 0);
    }
};

PREFLAB_UI_TEST_MAIN(ChartExportTest)
#include "chart_export_test.moc"
