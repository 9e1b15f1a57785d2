// SPDX-License-Identifier: GPL-3.0-or-later
// The window stays quick with a large dataset: loading, scrolling, sorting, searching and counting are cut into many
// turns of the UI thread's loop. Turns are counted. Their times are printed and judge nothing, because they say as much
// about the machine as about the program; `table_bench` holds them against the design's figures.
// ctest-label: slow
#include "support/many_pairs.h"
#include "support/tiny_model.h"
#include "support/turn_meter.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/data/dataset_table_model.h"
#include "ui/pages/data/data_page.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QWheelEvent>

using namespace preflab;
using namespace preflab::test;

namespace {

constexpr int kRows = 50'000;
constexpr int kPatience = 60'000;

}  // namespace

class TableTurnsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_bench = std::make_unique<UiBench>();
        m_path = m_bench->folder / "many.jsonl";
        writeManyPairs(m_path, kRows);
        m_page = std::make_unique<DataPage>(m_bench->workspace);
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        QVERIFY(m_bench->openProject());
        m_meter = std::make_unique<TurnMeter>();
        QVERIFY(m_meter->runUntil([this] { return m_page->isVisible(); }, kPatience));
    }

    void cleanupTestCase()
    {
        m_meter.reset();
        m_page.reset();
        m_bench.reset();
    }

    void theMeterSeesWhatATimerDoes()
    {
        m_meter->restart();
        bool isDone = false;
        QTimer::singleShot(0, this, [&] {
            const double begin = TurnMeter::processorMs();
            while (TurnMeter::processorMs() - begin < 30.0) {}
            isDone = true;
        });
        QVERIFY(m_meter->runUntil([&] { return isDone; }, kPatience));
        QCOMPARE_GE(m_meter->worstProcessorMs(), 30.0);
        QCOMPARE_GE(m_meter->worstWallMs(), 25.0);
    }

    void loading()
    {
        m_meter->restart();
        m_bench->workspace.openDataset(m_path);
        QVERIFY(m_meter->runUntil([this] { return isLoaded(); }, kPatience));
        QCOMPARE(table().model()->rowCount(), kRows);
        report("loading 50 000 rows");
    }

    void scrollingByWheel()
    {
        const QPoint at = table().viewport()->rect().center();
        move(150, [&](int) {
            QWheelEvent event(at, table().viewport()->mapToGlobal(at), {}, {0, -360}, Qt::NoButton, {},
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(table().viewport(), &event);
        });
        QCOMPARE_GT(table().verticalScrollBar()->value(), 1000);
        report("scrolling by wheel");
    }

    void draggingTheScrollBar()
    {
        QScrollBar* bar = table().verticalScrollBar();
        move(100, [&](int i) {
            bar->setSliderPosition(
                static_cast<int>(static_cast<std::int64_t>(bar->maximum()) * ((i * 37) % 100) / 100));
        });
        report("dragging the scroll bar");
    }

    void pagingByKeys()
    {
        table().setFocus();
        move(60, [&](int i) {
            QTest::keyClick(&table(), i % 20 == 19 ? Qt::Key_End : Qt::Key_PageDown,
                            i % 20 == 19 ? Qt::ControlModifier : Qt::NoModifier);
        });
        QTRY_VERIFY(!named<PairText>(*m_page, "chosenText").toPlainText().isEmpty());
        report("paging by keys");
    }

    void sortingAndSearching()
    {
        QHeaderView* header = table().horizontalHeader();
        m_meter->restart();
        for (const int column :
             {DatasetTableModel::ChosenLength, DatasetTableModel::Prompt, DatasetTableModel::Number}) {
            header->setSortIndicator(column, Qt::DescendingOrder);
            QVERIFY(m_meter->runUntil([this] { return !session().isQuerying(); }, kPatience));
            QCOMPARE(session().view()->query().sort, DatasetTableModel::viewColumnOf(column));
        }
        auto& field = named<QLineEdit>(*m_page, "dataSearch");
        field.setFocus();
        for (const QString& text : {QStringLiteral("zebra"), QString()}) {
            field.setText(text);
            QVERIFY(
                m_meter->runUntil([&] { return session().view()->query().search == text.toStdString(); }, kPatience));
        }
        QCOMPARE(table().model()->rowCount(), kRows);
        report("sorting and searching");
    }

    void scrollingWhileTokensAreCounted()
    {
        writeTinyModel(m_bench->folder / "model");
        m_bench->workspace.openModel(m_bench->folder / "model");
        QVERIFY(
            m_meter->runUntil([this] { return session().isCountingTokens() || session().inputs().tokens; }, kPatience));
        QScrollBar* bar = table().verticalScrollBar();
        bar->setValue(0);
        move(100, [&](int) { bar->setValue(bar->value() + 30); });
        QVERIFY(m_meter->runUntil([this] { return session().inputs().tokens != nullptr; }, kPatience));
        report("scrolling while tokens are counted");
    }

private:
    TableView& table() { return named<TableView>(*m_page, "pairTable"); }
    DatasetSession& session() { return *m_bench->workspace.dataset(); }

    bool isLoaded()
    {
        DatasetSession* session = m_bench->workspace.dataset();
        return session != nullptr && session->view() != nullptr && session->areColumnsReady() && areTextsThere();
    }

    /// Whether the text of the row on top has been read.
    bool areTextsThere()
    {
        const QModelIndex top = table().indexAt(QPoint(5, 5));
        return top.isValid() &&
               top.siblingAtColumn(DatasetTableModel::Prompt).data(DatasetTableModel::LoadedRole).toBool();
    }

    /// So many moves, each in a turn of its own; then the texts are waited for.
    void move(int times, const std::function<void(int)>& once)
    {
        int done = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, &timer, [&] {
            if (done < times) once(done++);
        });
        m_meter->restart();
        timer.start(10);
        QVERIFY(m_meter->runUntil([&] { return done == times && areTextsThere(); }, kPatience));
    }

    void report(const char* what)
    {
        m_meter->print(what);
        QVERIFY2(m_meter->turns() > 20, "everything was done in a few turns of the event loop");
    }

    std::unique_ptr<UiBench> m_bench;
    std::unique_ptr<DataPage> m_page;
    std::unique_ptr<TurnMeter> m_meter;
    std::filesystem::path m_path;
};

PREFLAB_UI_TEST_MAIN(TableTurnsTest)
#include "table_turns_test.moc"
