// SPDX-License-Identifier: GPL-3.0-or-later
// Leaving: the window closes, or another project opens, at once without a run; during one it asks, and nothing is lost by
// any answer.
#include "support/files.h"
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/data/dataset_session.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/widgets/table_view.h"
#include "ui/window/close_question.h"
#include "ui/window/leaving.h"
#include "ui/window/main_window.h"

#include <QPlainTextEdit>

#include <atomic>

using namespace preflab;
using namespace preflab::test;

class WindowClosingTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RestartBench> m_bench;
    std::unique_ptr<MainWindow> m_window;
    std::atomic<bool> m_isHeld = false;  ///< the run waits before its next step

    CloseQuestion& question() const { return *m_window->findChild<CloseQuestion*>(); }
    /// Closes the window, which asks first; the question has the keyboard.
    bool closeAsks() const
    {
        return !m_window->close() && QTest::qWaitForWindowActive(&question()) &&
               QTest::qWaitFor([this] { return question().isAncestorOf(QApplication::focusWidget()); });
    }
    bool says(const char* text) const
    {
        const auto labels = question().findChildren<QLabel*>();
        return std::ranges::any_of(
            labels, [&](QLabel* label) { return label->isVisible() && label->text().contains(QLatin1String(text)); });
    }
    std::string outcomeOf(const QString& run) const { return m_bench->runs().find(run)->record.outcome; }
    QStringList start(const std::vector<RunSpec>& specs)
    {
        const QStringList runs = m_bench->start(specs);
        (void)QTest::qWaitFor(
            [this] { return m_bench->runs().active() != nullptr && m_bench->runs().active()->step() > 0; }, 10'000);
        return runs;
    }
    /// To the project with the runs.
    bool goBack()
    {
        Workspace& workspace = *m_bench->workspace;
        workspace.openProject(m_bench->folder / "project");
        return QTest::qWaitFor(
            [&] { return workspace.projectName() == QLatin1String("project") && workspace.runs()->isLoaded(); },
            10'000);
    }
    /// Lets the run go on to its end.
    void release()
    {
        m_isHeld = false;
        m_isHeld.notify_all();
    }

private Q_SLOTS:
    void init()
    {
        wear(ThemeKind::Light);
        m_isHeld = true;
        FakeScript script = plausible();
        script.onStep = [this](std::int64_t step) {
            while (step >= 5 && m_isHeld) m_isHeld.wait(true);
        };
        m_bench = std::make_unique<RestartBench>(script);
        m_bench->begin();
        m_window = std::make_unique<MainWindow>(*m_bench->workspace, [](QWidget&, FileQuestion, const auto&) {});
        m_window->restoreLayout();
        m_window->show();
        QVERIFY(m_bench->openProject());
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void cleanup()
    {
        release();
        m_window.reset();
        m_bench->close();
        m_bench.reset();
    }

    void withoutARunItClosesAtOnce()
    {
        release();
        QCOMPARE(m_bench->finished({specOf("dpo", "done", 6)}).size(), 1);
        QVERIFY(m_window->close());
        QVERIFY(!m_window->isVisible());
    }

    void escapeKeepsItOpen()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        QVERIFY(closeAsks());
        QVERIFY(m_window->isVisible());
        QVERIFY(question().isVisible());
        QVERIFY(says("going is not finished"));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("stopAndSave"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!question().isVisible());
        release();
        QVERIFY(m_bench->finishAll());
        QCOMPARE(outcomeOf(runs[0]), std::string("finished"));
        QVERIFY(m_window->isVisible());
    }

    void keysDoNotReachThePageUnderTheQuestion()
    {
        start({specOf("dpo", "going", 50)});
        const PageId before = m_window->currentPage();
        QVERIFY(closeAsks());
        for (const Qt::Key key : {Qt::Key_2, Qt::Key_5})
            QTest::keyClick(QApplication::focusWidget(), key, Qt::ControlModifier);
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), before);
        // While it waits the window can be used.
        clickOn(question(), "finishThenQuit");
        QApplication::setActiveWindow(m_window.get());
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), PageId::Data);
        release();
        QTRY_VERIFY(!m_window->isVisible());
    }

    void stopsAndSavesAllRuns()
    {
        const QStringList runs = start({specOf("dpo", "going", 50), specOf("orpo", "waiting", 50)});
        QVERIFY(closeAsks());
        QVERIFY(says("2 run"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QVERIFY(says("The current step is being finished and saved."));
        QVERIFY(m_window->isVisible());
        release();
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(m_bench->finishAll());
        QCOMPARE(outcomeOf(runs[0]), std::string("cancelled"));
        QCOMPARE(outcomeOf(runs[1]), std::string("cancelled"));
        QTRY_COMPARE(m_bench->runs().find(runs[0])->summary.checkpoints.size(), std::size_t(1));
        QCOMPARE(m_bench->runs().find(runs[1])->summary.lastStep, std::int64_t(0));
    }

    void finishesThenQuits()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        m_window->close();
        clickOn(question(), "finishThenQuit");
        QVERIFY(says("Training goes on."));
        QVERIFY(m_window->isVisible());
        release();
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(m_bench->finishAll());
        QCOMPARE(outcomeOf(runs[0]), std::string("finished"));
    }

    void whoThinksAgainKeepsItOpen()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        m_window->close();
        clickOn(question(), "finishThenQuit");
        m_window->close();
        QVERIFY(named<QWidget>(question(), "keepOpen").isVisible());
        clickOn(question(), "keepOpen");
        release();
        QVERIFY(m_bench->finishAll());
        QCOMPARE(outcomeOf(runs[0]), std::string("finished"));
        QVERIFY(m_window->isVisible());
    }

    void escapeWhileItWaitsKeepsItOpenToo()
    {
        start({specOf("dpo", "going", 50)});
        m_window->close();
        clickOn(question(), "finishThenQuit");
        QTRY_VERIFY(named<Button>(question(), "keepOpen").hasFocus());
        QVERIFY(!named<QWidget>(question(), "stopAndSave").isVisible());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QVERIFY(!question().isVisible());
        release();
        QVERIFY(m_bench->finishAll());
        QVERIFY(m_window->isVisible());
    }

    void anotherProjectWaitsForTheAnswer()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        const auto other = m_bench->folder / "other";
        m_bench->workspace->openProject(other);
        QVERIFY(question().isVisible());
        QVERIFY(says("going is not finished"));
        clickOn(question(), "keepOpen");
        QVERIFY(!question().isVisible());
        QVERIFY(m_bench->runs().active() != nullptr);
        release();
        QVERIFY(m_bench->finishAll());
        QCOMPARE(outcomeOf(runs[0]), std::string("finished"));
        QCOMPARE(m_bench->workspace->projectName(), QStringLiteral("project"));
    }

    void anotherProjectOpensOnceTheRunIsSaved()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        const auto pairs = writeFile(m_bench->folder / "pairs.jsonl", pairLines(5));
        m_bench->workspace->openProject(m_bench->folder / "other");
        m_bench->workspace->openDataset(pairs);
        QVERIFY(question().isVisible());
        clickOn(question(), "stopAndSave");
        QVERIFY(says("The current step is being finished and saved."));
        QCOMPARE(m_bench->workspace->projectName(), QStringLiteral("project"));
        release();
        QTRY_COMPARE(m_bench->workspace->projectName(), QStringLiteral("other"));
        QVERIFY(!question().isVisible());
        QVERIFY(m_window->isVisible());
        // What came with the project is opened in it.
        QTRY_VERIFY(m_bench->workspace->dataset() != nullptr && m_bench->workspace->dataset()->path() == pairs);
        QVERIFY(goBack());
        QTRY_COMPARE(outcomeOf(runs[0]), std::string("cancelled"));
        QTRY_COMPARE(m_bench->runs().find(runs[0])->summary.checkpoints.size(), std::size_t(1));
    }

    void anotherProjectOpensOnceTheRunIsFinished()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        m_bench->workspace->openProject(m_bench->folder / "other");
        clickOn(question(), "finishThenQuit");
        QVERIFY(says("Training goes on."));
        release();
        QTRY_COMPARE(m_bench->workspace->projectName(), QStringLiteral("other"));
        QVERIFY(goBack());
        QTRY_COMPARE(outcomeOf(runs[0]), std::string("finished"));
    }

    void aSignalSavesAndQuitsWithoutAsking()
    {
        const QStringList runs = start({specOf("dpo", "going", 50)});
        m_window->leaving().quitWhenSaved();
        QVERIFY(m_window->isVisible());
        release();
        QTRY_VERIFY(!m_window->isVisible());
        QVERIFY(m_bench->finishAll());
        QCOMPARE(outcomeOf(runs[0]), std::string("cancelled"));
        QTRY_COMPARE(m_bench->runs().find(runs[0])->summary.checkpoints.size(), std::size_t(1));
    }

    void aNoteThatIsBeingWrittenIsKept()
    {
        release();
        const QStringList runs = m_bench->finished({specOf("dpo", "done", 6)});
        m_window->goTo({PageId::Runs, {}, {}, {}});
        auto* list = static_cast<RunsPage*>(m_window->page(PageId::Runs))->list();
        list->table().selectRow(0);
        auto* note = list->findChild<QPlainTextEdit*>();
        note->setFocus();
        QTest::keyClicks(note, QStringLiteral("last words"));
        m_window->close();
        m_window.reset();
        m_bench->close();
        QVERIFY(m_bench->open());
        QCOMPARE(m_bench->runs().find(runs[0])->record.note, std::string("last words"));
    }
};

PREFLAB_UI_TEST_MAIN(WindowClosingTest)
#include "window_closing_test.moc"
