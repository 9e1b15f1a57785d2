// SPDX-License-Identifier: GPL-3.0-or-later
// The window's frame by keys and mouse: pages, tabs, status bar, commands, text fields, layout, closing during a run.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/stray_windows.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/pages/runs/live_curves.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/frame_bars.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/page.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/toast.h"
#include "ui/window/close_question.h"
#include "ui/window/main_window.h"

#include <QListWidget>

#include <map>

using namespace preflab;
using namespace preflab::test;

class MainWindowTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RestartBench> m_bench;
    std::unique_ptr<MainWindow> m_window;
    std::optional<FileQuestion> m_asked;

    bool open()
    {
        m_bench->begin();
        m_window = std::make_unique<MainWindow>(
            *m_bench->workspace, [this](QWidget&, FileQuestion question, const auto&) { m_asked = question; });
        m_window->restoreLayout();
        m_window->show();
        return m_bench->openProject() && QTest::qWaitForWindowActive(m_window.get());
    }
    void close()
    {
        m_window.reset();
        m_bench->close();
    }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QWidget* focused = QApplication::focusWidget();
        QTest::keyClick(focused != nullptr ? focused : m_window.get(), key, modifiers);
    }
    template <class T>
    T& only() const
    {
        return *m_window->findChild<T*>();
    }
    RunView& runView() const { return *static_cast<RunsPage*>(m_window->page(PageId::Runs))->runView(); }
    QStringList statusTexts() const
    {
        QStringList texts;
        for (const QLabel* label : only<StatusBar>().findChildren<QLabel*>())
            if (label->isVisible()) texts.push_back(label->text());
        return texts;
    }
    QAbstractButton* job() const
    {
        for (QAbstractButton* found : only<StatusBar>().findChildren<QAbstractButton*>())
            if (found->text().contains(QStringLiteral("step"))) return found;
        return nullptr;
    }
    bool startLongRun()
    {
        return !m_bench->start({specOf("dpo", "long one", 100'000)}).isEmpty() &&
               QTest::qWaitFor(
                   [this] { return m_bench->runs().active() != nullptr && m_bench->runs().active()->step() > 3; },
                   10'000);
    }

private Q_SLOTS:
    void init()
    {
        wear(ThemeKind::Light);
        m_asked.reset();
        FakeScript script = plausible();
        script.stepTime = std::chrono::milliseconds(1);
        m_bench = std::make_unique<RestartBench>(script);
        QVERIFY(open());
    }

    void cleanup()
    {
        close();
        m_bench.reset();
    }

    void keysAndTheRailLeadToPages()
    {
        QCOMPARE(m_window->currentPage(), PageId::Home);
        const std::map<Qt::Key, PageId> pages{{Qt::Key_2, PageId::Data},        {Qt::Key_3, PageId::Model},
                                              {Qt::Key_4, PageId::Train},       {Qt::Key_5, PageId::Runs},
                                              {Qt::Key_6, PageId::Compare},     {Qt::Key_1, PageId::Home},
                                              {Qt::Key_Comma, PageId::Settings}};
        for (const auto& [key, page] : pages) {
            press(key, Qt::ControlModifier);
            QCOMPARE(m_window->currentPage(), page);
            QVERIFY(m_window->page(page)->isVisible());
            // The keyboard is on the page, so that its own keys work.
            const QWidget* focused = QApplication::focusWidget();
            QVERIFY(focused == m_window->page(page) || m_window->page(page)->isAncestorOf(focused));
        }
        const std::map<const char*, PageId> entries{
            {"railHome", PageId::Home}, {"railRuns", PageId::Runs}, {"railSettings", PageId::Settings}};
        for (const auto& [name, page] : entries) {
            clickOn(*m_window, name);
            QCOMPARE(m_window->currentPage(), page);
            QVERIFY(named<QAbstractButton>(*m_window, name).isChecked());
        }
    }

    void theRailLeadsBackToTheListOfRuns()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "done", 6)});
        m_window->goTo({PageId::Runs, {}, runs[0], {}});
        QVERIFY(runView().isVisible());
        clickOn(*m_window, "railHome");
        clickOn(*m_window, "railRuns");
        QVERIFY(runView().isVisible());  // as it was left
        clickOn(*m_window, "railRuns");
        QVERIFY(!runView().isVisible());
        QVERIFY(static_cast<RunsPage*>(m_window->page(PageId::Runs))->list()->isVisible());
    }

    void tabsOfTheHeaderByKeys()
    {
        press(Qt::Key_6, Qt::ControlModifier);
        PageHeader& header = m_window->page(PageId::Compare)->header();
        QCOMPARE(header.currentTab(), QStringLiteral("overview"));
        press(Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(header.currentTab(), QStringLiteral("curves"));
        press(Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(header.currentTab(), QStringLiteral("overview"));
        // Those of other pages stay.
        QCOMPARE(m_window->page(PageId::Data)->header().currentTab(), QStringLiteral("pairs"));
        const QStringList runs = m_bench->finished({specOf("dpo", "done", 6)});
        m_window->goTo({PageId::Runs, {}, runs[0], {}});
        press(Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(runView().currentTab(), QStringLiteral("answers"));
        QCOMPARE(header.currentTab(), QStringLiteral("overview"));
    }

    void keysOfTheWindow()
    {
        press(Qt::Key_O, Qt::ControlModifier);
        QCOMPARE(m_asked, FileQuestion::Pairs);
        press(Qt::Key_M, Qt::ControlModifier);
        QCOMPARE(m_asked, FileQuestion::ModelFolder);
        press(Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(m_window->currentPage(), PageId::Train);
        press(Qt::Key_F11);
        QVERIFY(m_window->isFullScreen());
        press(Qt::Key_F11);
        QVERIFY(!m_window->isFullScreen());
        press(Qt::Key_Q, Qt::ControlModifier);
        QTRY_VERIFY(!m_window->isVisible());
    }

    void theStatusBarSaysProjectJobAndThreads()
    {
        QVERIFY(statusTexts().contains(QStringLiteral("project")));
        QVERIFY(statusTexts().contains(QStringLiteral("No run in progress")));
        Preferences preferences = m_bench->settings->preferences();
        preferences.threads = 3;
        m_bench->settings->setPreferences(preferences);
        QVERIFY2(statusTexts().contains(QStringLiteral("CPU · 3 thread(s)")),
                 qPrintable(statusTexts().join(QLatin1Char('|'))));
        m_bench->workspace->openDataset(writeFile(m_bench->folder / "pairs.jsonl", pairLines(6)));
        QTRY_VERIFY(statusTexts().contains(QStringLiteral("Saved")));
        m_bench->workspace->dataset()->setNote(0, QStringLiteral("noted"));
        QTRY_VERIFY(statusTexts().contains(QStringLiteral("Saved · journal 1")));
        QVERIFY(startLongRun());
        QTRY_VERIFY(job() != nullptr);
        QTRY_VERIFY(job()->text().startsWith(QStringLiteral("long one · step ")));
        QVERIFY(job()->text().contains(QStringLiteral(" of 100000")));
        QVERIFY(!statusTexts().contains(QStringLiteral("No run in progress")));
        QTest::mouseClick(job(), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), PageId::Runs);
        QCOMPARE(runView().run().name(), QStringLiteral("long one"));
        // What was preferred is what the run computes with.
        QCOMPARE(fakeParam(m_bench->runs().active()->record().spec.params, "threads", 0.0), 3.0);
        m_bench->runs().active()->cancel();
        QTRY_VERIFY(statusTexts().contains(QStringLiteral("No run in progress")));
    }

    void theEndOfARunIsSaid()
    {
        const QStringList runs = m_bench->finished({specOf("dpo", "quick", 6)});
        QTRY_COMPARE(only<ToastArea>().shown(), 1);
        QVERIFY(withText<QLabel>(only<ToastArea>(), QStringLiteral("quick: finished")) != nullptr);
        QTest::mouseClick(withText<Button>(only<ToastArea>(), QStringLiteral("Show")), Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), PageId::Runs);
        QCOMPARE(runView().run().id(), runs[0]);
    }

    void commandsByName()
    {
        QWidget* before = &named<QWidget>(*m_window, "railSettings");
        before->setFocus();
        press(Qt::Key_K, Qt::ControlModifier);
        auto& palette = only<CommandPalette>();
        QVERIFY(palette.isVisible());
        auto* list = palette.findChild<QListWidget*>();
        const int all = list->count();
        QVERIFY(all >= 14);
        press(Qt::Key_Escape);
        QVERIFY(!palette.isVisible());
        QCOMPARE(QApplication::focusWidget(), before);
        press(Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("cmprn"));
        QVERIFY(list->count() < all);
        QCOMPARE(list->currentItem()->text(), QStringLiteral("Compare runs"));
        press(Qt::Key_Return);
        QVERIFY(!palette.isVisible());
        QCOMPARE(m_window->currentPage(), PageId::Compare);
        press(Qt::Key_K, Qt::ControlModifier);
        press(Qt::Key_Down);
        press(Qt::Key_Return);
        QCOMPARE(m_window->currentPage(), PageId::Data);
    }

    void lettersActOnlyOutsideOfTextFields()
    {
        QVERIFY(startLongRun());
        m_window->goTo({PageId::Runs, {}, m_bench->runs().active()->id(), {}});
        RunController& run = runView().run();
        auto* field = runView().curves().findChild<NumberField*>();
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("ppp"));
        QCOMPARE(run.state(), RunState::Running);
        QVERIFY(field->text().endsWith(QStringLiteral("ppp")));
        named<QWidget>(*m_window, "railRuns").setFocus();
        press(Qt::Key_P);
        QCOMPARE(run.state(), RunState::Paused);
        run.cancel();
    }

    void sizeAndPlaceAreKept()
    {
        QCOMPARE(m_window->size(), QSize(1280, 800));
        m_window->resize(1500, 900);
        m_window->move(40, 30);
        m_window->close();
        close();
        QVERIFY(open());
        QCOMPARE(m_window->size(), QSize(1500, 900));
        QCOMPARE(m_window->pos(), QPoint(40, 30));
    }

    void everyPageFitsIn1280By800()
    {
        for (const PageId id : {PageId::Home, PageId::Data, PageId::Model, PageId::Train, PageId::Runs, PageId::Compare,
                                PageId::Settings}) {
            m_window->goTo({id, {}, {}, {}});
            const QSize needed = m_window->page(id)->minimumSizeHint();
            const QString name = QString::fromLatin1(m_window->page(id)->metaObject()->className());
            QVERIFY2(needed.width() <= 1208 && needed.height() <= 774,
                     qPrintable(QStringLiteral("%1 needs %2 x %3").arg(name).arg(needed.width()).arg(needed.height())));
        }
    }

    void preferencesDressTheWindow()
    {
        Preferences preferences = m_bench->settings->preferences();
        preferences.theme = Preferences::Theme::Dark;
        preferences.textScale = 1.5;
        m_bench->settings->setPreferences(preferences);
        QCOMPARE(currentTheme().kind, ThemeKind::Dark);
        QCOMPARE(currentTheme().scale, 1.5);
        QTRY_COMPARE(only<NavigationRail>().width(), 108);
        close();
        QVERIFY(open());
        QCOMPARE(currentTheme().kind, ThemeKind::Dark);
    }

    void everythingHasANameAndIsReachable()
    {
        for (QWidget* frame :
             {static_cast<QWidget*>(&only<NavigationRail>()), static_cast<QWidget*>(&only<StatusBar>()),
              static_cast<QWidget*>(&only<CommandPalette>()), static_cast<QWidget*>(&only<CloseQuestion>())})
            QCOMPARE(namelessControls(*frame), QStringList());
        QCOMPARE(controlsOutOfReach(only<NavigationRail>()), QStringList());
        QCOMPARE(controlsOutOfReach(only<StatusBar>()), QStringList());
    }
};

PREFLAB_UI_TEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
