// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody does who has never seen PrefLab, by keys and mouse, on the real engine: the demo by Enter, a pair of
// their own corrected, ORPO on it, and the comparison read; then everything again after a restart.
// ctest-label: slow
#include "core/train/backend/torch_backend.h"
#include "support/results.h"
#include "support/stray_windows.h"
#include "support/turn_meter.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/data/dataset_table_model.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/pages/train/train_page.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/table_view.h"
#include "ui/window/close_question.h"
#include "ui/window/main_window.h"

#include <QElapsedTimer>

using namespace preflab;
using namespace preflab::test;

class FirstUseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_DATA_HOME", QByteArray::fromStdString((m_folder / "data").string()));
        qputenv("PREFLAB_RESOURCES", PREFLAB_SOURCE_FOLDER "/resources");
        m_strays = std::make_unique<StrayWindows>();
        open();
    }

    void enterStartsTheDemoAndACurveMoves()
    {
        QElapsedTimer timer;
        timer.start();
        QTest::keyClick(m_window->page(PageId::Home), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->currentPage(), PageId::Runs, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(runs() != nullptr && runs()->active() != nullptr, 60'000);
        m_first = runs()->active();
        QTRY_VERIFY_WITH_TIMEOUT(m_first->metrics().rowCount() >= 5, 120'000);
        QVERIFY(m_first->metrics().find("loss") != nullptr);
        std::printf("Enter to the fifth point: %.1f s\n", static_cast<double>(timer.elapsed()) / 1000.0);
    }

    void pausesAndGoesOn()
    {
        if (!m_first->isActive()) QSKIP("The run was over before it could be paused.");
        m_first->pause();
        QTRY_COMPARE_WITH_TIMEOUT(m_first->state(), RunState::Paused, 30'000);
        m_first->resume();
        QTRY_VERIFY_WITH_TIMEOUT(m_first->state() != RunState::Paused, 30'000);
    }

    void theWindowsLoopGoesRoundWhileItTrains()
    {
        TurnMeter meter;
        QVERIFY(meter.runUntil([this] { return runs()->unfinished().empty(); }, 300'000));
        meter.print("training two runs");
        QCOMPARE(runs()->runs().size(), std::size_t(2));
        // The times are printed and judge nothing: they depend on the machine.
        QVERIFY2(meter.turns() > 100, "the loop did not go round while the runs trained");
    }

    void ownPairsAreCorrected()
    {
        m_pairs = writeFile(m_folder / "mine.jsonl", pairLines(24));
        QTest::keyClick(m_window.get(), Qt::Key_O, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), PageId::Data);
        Page& data = *m_window->page(PageId::Data);
        auto& table = named<TableView>(data, "pairTable");
        QTRY_VERIFY(m_workspace->dataset() != nullptr && m_workspace->dataset()->path() == m_pairs &&
                    table.model()->rowCount() == 24);
        auto& chosen = named<PairText>(data, "chosenText");
        QTRY_COMPARE(chosen.toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_E);
        QTRY_VERIFY(chosen.isEditable());
        chosen.selectAll();
        QTest::keyClicks(&chosen, QStringLiteral("A corrected answer"));
        QTest::keyClick(&chosen, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(chosen.toPlainText(), QStringLiteral("A corrected answer"));
        QTRY_VERIFY(m_workspace->dataset()->journalPosition() > 0);
    }

    void orpoTrainsOnThem()
    {
        QTest::keyClick(m_window.get(), Qt::Key_4, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), PageId::Train);
        auto& train = static_cast<TrainPage&>(*m_window->page(PageId::Train));
        QAbstractButton* orpo = nullptr;
        for (Segmented* segmented : train.findChildren<Segmented*>())
            if (segmented->segment(QStringLiteral("orpo")) != nullptr && segmented->isVisible())
                orpo = segmented->segment(QStringLiteral("orpo"));
        QVERIFY(orpo != nullptr);
        QTest::mouseClick(orpo, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(train.setup().problem() == nullptr, 30'000);
        QTest::keyClick(m_window.get(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->currentPage(), PageId::Runs, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(runs()->runs().size() == 3 && runs()->unfinished().empty(), 180'000);
        QTRY_COMPARE(runs()->runs().back().record.outcome, std::string("finished"));
        QCOMPARE(runs()->runs().back().record.method, std::string("orpo"));
        QVERIFY(runs()->runs().back().record.journalPosition > 0);
    }

    void compareSaysWhichDidBetter()
    {
        QTest::keyClick(m_window.get(), Qt::Key_6, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), PageId::Compare);
        auto& compare = static_cast<ComparePage&>(*m_window->page(PageId::Compare));
        compare.arrive({PageId::Compare, {}, idOf(0) + QLatin1Char(',') + idOf(1), {}});
        QTRY_VERIFY_WITH_TIMEOUT(compare.set().comparison().has_value(), 30'000);
        QVERIFY(compare.set().comparison()->isMatched());
        auto& table = named<TableView>(compare, "heldOutTable");
        QTRY_VERIFY(table.model()->rowCount() >= 5);
        int decided = 0;
        const int last = table.model()->columnCount() - 1;
        for (int row = 0; row < table.model()->rowCount(); ++row)
            if (table.model()->index(row, last).data().toString().endsWith(QStringLiteral("is better"))) ++decided;
        QVERIFY(decided >= 3);
    }

    void everythingIsThereAfterARestart()
    {
        m_first.reset();
        close();
        open();
        m_workspace->openProject(m_folder / "data" / "preflab" / "demo");
        QTRY_VERIFY_WITH_TIMEOUT(runs() != nullptr && runs()->isLoaded() && runs()->runs().size() == 3, 30'000);
        auto& page = static_cast<RunsPage&>(*m_window->page(PageId::Runs));
        m_window->goTo({PageId::Runs, {}, idOf(0), {}});
        const auto reopened = runs()->controller(idOf(0));
        QTRY_VERIFY_WITH_TIMEOUT(reopened->metrics().find("loss") != nullptr, 30'000);
        QCOMPARE(reopened->state(), RunState::Finished);
        QVERIFY(page.runView() != nullptr);
        // The corrected pair is still corrected, and can still be undone.
        QTRY_VERIFY_WITH_TIMEOUT(m_workspace->dataset() != nullptr && m_workspace->dataset()->view() != nullptr,
                                 30'000);
        QCOMPARE(std::get<std::string>(m_workspace->dataset()->stateOf(0).edited->chosen),
                 std::string("A corrected answer"));
        m_workspace->dataset()->undo();
        QTRY_VERIFY(!m_workspace->dataset()->stateOf(0).isEdited());
    }

    void closingDuringARunAsks()
    {
        RunSpec spec = runs()->runs().front().record.spec;
        spec.params["max_steps"] = std::int64_t(100'000);
        spec.name = "long";
        runs()->start({spec});
        QTRY_VERIFY_WITH_TIMEOUT(runs()->active() != nullptr && runs()->active()->step() > 0, 120'000);
        m_window->close();
        QVERIFY(m_window->isVisible());
        auto* question = m_window->findChild<CloseQuestion*>();
        QTRY_VERIFY(question->isVisible());
        QTest::keyClick(question, Qt::Key_Escape);
        QTRY_VERIFY(!question->isVisible());
        m_window->close();
        clickOn(*question, "stopAndSave");
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), 60'000);
        QTRY_COMPARE(runs()->runs().back().record.outcome, std::string("cancelled"));
        QVERIFY(!runs()->runs().back().summary.checkpoints.empty());
    }

    void nothingFlashedAsAWindowOfItsOwn() { QCOMPARE(m_strays->found().join(QStringLiteral("; ")), QString()); }

    void cleanupTestCase()
    {
        close();
        m_strays.reset();
    }

private:
    void open()
    {
        m_settings = std::make_unique<AppSettings>(QString::fromStdString((m_folder / "settings.ini").string()));
        m_workspace = std::make_unique<Workspace>(m_backend, *m_settings);
        m_window = std::make_unique<MainWindow>(*m_workspace,
                                                [this](QWidget&, FileQuestion, const auto& then) { then(m_pairs); });
        m_window->restoreLayout();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void close()
    {
        m_window.reset();
        m_workspace.reset();
        m_settings.reset();
    }

    RunCenter* runs() const { return m_workspace->runs(); }
    QString idOf(std::size_t index) const { return QString::fromStdString(runs()->runs()[index].record.id); }

    std::unique_ptr<StrayWindows> m_strays;
    ScratchFolder m_folder;
    std::filesystem::path m_pairs;
    TorchBackend m_backend;
    std::unique_ptr<AppSettings> m_settings;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<MainWindow> m_window;
    std::shared_ptr<RunController> m_first;
};

PREFLAB_UI_TEST_MAIN(FirstUseTest)
#include "first_use_test.moc"
