// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a very long run, as a file and as a table, are made beside the window. What its turns took is printed.
#include "support/chart_samples.h"
#include "support/files.h"
#include "support/grab.h"
#include "support/turn_meter.h"
#include "support/ui_test_main.h"
#include "ui/plots/chart_card.h"
#include "ui/widgets/table_view.h"

#include <QSignalSpy>

using namespace preflab;
using namespace preflab::test;

class LongChartTest : public QObject {
    Q_OBJECT

private:
    static constexpr std::int64_t kSteps = 300'000;
    std::unique_ptr<ChartCard> m_card;

private Q_SLOTS:
    void initTestCase()
    {
        m_card = std::make_unique<ChartCard>(lossChart(fallingCurve(kSteps)).release());
        m_card->resize(600, 400);
        m_card->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_card.get()));
    }

    void cleanupTestCase() { m_card.reset(); }

    void asAFile()
    {
        const ScratchFolder folder;
        const QSignalSpy saved(m_card.get(), &ChartCard::saved), failed(m_card.get(), &ChartCard::failed);
        TurnMeter meter;
        m_card->save(ExportFormat::Csv, folder / "loss.csv");
        QVERIFY(meter.runUntil([&] { return saved.size() + failed.size() > 0; }, 20'000));
        QCOMPARE(failed.size(), 0);
        const std::string text = readFile(folder / "loss.csv");
        QCOMPARE(std::ranges::count(text, '\n'), kSteps + 1);
        QVERIFY(text.starts_with("\"Step\",\"train\",\"held-out\"\n1,"));
        QVERIFY(text.find("\n60000,") != std::string::npos);
        meter.print("300 000 steps as a file");
    }

    void asATable()
    {
        TurnMeter meter;
        m_card->showTable();
        auto* view = m_card->findChild<TableView*>();
        QVERIFY(view != nullptr);
        QVERIFY(meter.runUntil([&] { return view->model() != nullptr; }, 20'000));
        QCOMPARE(view->model()->rowCount(), int(kSteps));
        QCOMPARE(view->cellKind(1), CellKind::Number);
        m_card->showTable();  // it is shown already
        QCOMPARE(m_card->findChildren<TableView*>().size(), 1);
        meter.print("300 000 steps as a table");
        m_card->showPlot();
        QVERIFY(m_card->plot().isVisible());
    }

    void whatIsLeftMeanwhileIsDropped()
    {
        QTRY_VERIFY(m_card->findChild<TableView*>() == nullptr);
        m_card->showTable();
        m_card->showPlot();
        QTRY_VERIFY(m_card->findChild<TableView*>() == nullptr);
        m_card->showTable();
        m_card.reset();
    }
};

PREFLAB_UI_TEST_MAIN(LongChartTest)
#include "long_chart_test.moc"
