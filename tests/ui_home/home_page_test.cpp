// SPDX-License-Identifier: GPL-3.0-or-later
// The first page by mouse and keyboard: demo, wizard, opening, recent projects, dragging.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/run_project.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/app/recent_projects_model.h"
#include "ui/pages/home/action_tile.h"
#include "ui/pages/home/drop_area.h"
#include "ui/pages/home/first_steps.h"
#include "ui/pages/home/home_page.h"
#include "ui/pages/home/recent_list.h"
#include "ui/pages/home/recent_row.h"

using namespace preflab;

namespace {

/// Answers file questions with `answer`, and remembers the last one asked.
struct ScriptedChooser {
    std::filesystem::path answer;
    std::optional<FileQuestion> asked;

    FileChooser chooser()
    {
        return [this](QWidget&, FileQuestion question, const std::function<void(const std::filesystem::path&)>& then) {
            asked = question;
            if (!answer.empty()) then(answer);
        };
    }
};

}  // namespace

class HomePageTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<test::UiBench> m_bench;
    std::unique_ptr<HomePage> m_page;
    ScriptedChooser m_files;

    bool show()
    {
        m_page = std::make_unique<HomePage>(m_bench->workspace, m_files.chooser());
        m_page->resize(1208, 774);
        m_page->show();
        return QTest::qWaitForWindowActive(m_page.get());
    }

    void clickTile(const char* title)
    {
        QTest::mouseClick(test::withText<ActionTile>(*m_page, QLatin1String(title)), Qt::LeftButton);
    }

private Q_SLOTS:
    void init()
    {
        test::wear(ThemeKind::Light);
        m_bench = std::make_unique<test::UiBench>(test::longRuns());
        m_files = {};
    }

    void cleanup()
    {
        m_page.reset();
        m_bench.reset();
    }

    void enterAsksForTheDemo()
    {
        QVERIFY(show());
        const QSignalSpy demo(m_page.get(), &HomePage::demoWanted);
        QTest::keyClick(m_page->focusWidget(), Qt::Key_Return);
        QCOMPARE(demo.size(), 1);
        QTest::keyClick(m_page->focusWidget(), Qt::Key_Enter, Qt::KeypadModifier);
        QCOMPARE(demo.size(), 2);
        clickTile("Open the demo experiment");
        QCOMPARE(demo.size(), 3);
    }

    void enterActsOnWhatHasTheKeyboard()
    {
        QVERIFY(show());
        const QSignalSpy demo(m_page.get(), &HomePage::demoWanted);
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::keyClick(m_page->focusWidget(), Qt::Key_Tab);
        QTest::keyClick(m_page->focusWidget(), Qt::Key_Return);
        QCOMPARE(demo.size(), 0);
        QCOMPARE(went.size(), 1);
        QCOMPARE(went[0][0].value<Destination>().tab, QStringLiteral("wizard"));
    }

    void tilesLeadOn()
    {
        QVERIFY(show());
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        clickTile("New training");
        QCOMPARE(went.size(), 1);
        QCOMPARE(went[0][0].value<Destination>().page, PageId::Train);
        m_files.answer = test::writeFile(m_bench->folder / "own.jsonl", test::pairLines(3));
        clickTile("Open pairs");
        QCOMPARE(m_files.asked.value(), FileQuestion::Pairs);
        QCOMPARE(went[1][0].value<Destination>().page, PageId::Data);
        m_files.answer = m_bench->folder / "model";
        clickTile("Open a model");
        QCOMPARE(m_files.asked.value(), FileQuestion::ModelFolder);
        QCOMPARE(went[2][0].value<Destination>().page, PageId::Model);
    }

    void projectsAreMadeAndReopened()
    {
        QVERIFY(show());
        QVERIFY(m_page->findChildren<RecentRow*>().isEmpty());
        m_files.answer = m_bench->folder / "first";
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("New project")), Qt::LeftButton);
        QCOMPARE(m_files.asked.value(), FileQuestion::NewProject);
        QTRY_COMPARE(m_page->findChildren<RecentRow*>().size(), 1);
        m_files.answer = m_bench->folder / "second";
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Open project")), Qt::LeftButton);
        QTRY_COMPARE(m_bench->workspace.projectName(), QStringLiteral("second"));
        QTRY_VERIFY(test::withText<RecentRow>(*m_page, QStringLiteral("first")) != nullptr);
        QTest::mouseClick(test::withText<RecentRow>(*m_page, QStringLiteral("first")), Qt::LeftButton);
        QTRY_COMPARE(m_bench->workspace.projectName(), QStringLiteral("first"));
    }

    void aProjectThatIsGoneCanBeFoundOrRemoved()
    {
        m_bench->settings.noteRecent({m_bench->folder / "lost", {}, 5, 1});
        m_bench->settings.noteRecent({m_bench->folder / "old", {}, 5, 1});
        QVERIFY(show());
        QTRY_VERIFY(test::withText<Button>(*m_page, QStringLiteral("Find"))->isVisible());
        auto* row = test::withText<RecentRow>(*m_page, QStringLiteral("old"));
        QTest::mouseClick(row, Qt::LeftButton, {}, QPoint(40, 10));
        QVERIFY(!m_bench->workspace.isOpeningProject());
        m_files.answer = m_bench->folder / "moved";
        QTest::mouseClick(test::withText<Button>(*row, QStringLiteral("Find")), Qt::LeftButton);
        QTRY_COMPARE(m_bench->workspace.projectName(), QStringLiteral("moved"));
        QTRY_VERIFY(test::withText<RecentRow>(*m_page, QStringLiteral("old")) == nullptr);
        row = test::withText<RecentRow>(*m_page, QStringLiteral("lost"));
        QTest::mouseClick(test::withText<Button>(*row, QStringLiteral("Remove")), Qt::LeftButton);
        QTRY_VERIFY(test::withText<RecentRow>(*m_page, QStringLiteral("lost")) == nullptr);
    }

    void aDragIsRecognised()
    {
        QVERIFY(show());
        auto* area = m_page->findChild<DropArea*>();
        const QString idle = area->text();
        m_page->showDrag(test::writeFile(m_bench->folder / "pairs.jsonl", test::pairLines(1)));
        QVERIFY(area->isDragShown());
        QTRY_COMPARE(area->text(), QStringLiteral("Drop to open the pairs in pairs.jsonl"));
        test::writeFile(m_bench->folder / "small" / "config.json", "{}");
        m_page->showDrag(m_bench->folder / "small");
        QTRY_COMPARE(area->text(), QStringLiteral("Drop to open the model small"));
        m_page->endDrag();
        QVERIFY(!area->isDragShown());
        QCOMPARE(area->text(), idle);
    }

    void narrowPagesHaveNoSteps()
    {
        QVERIFY(show());
        auto* steps = m_page->findChild<FirstSteps*>();
        QVERIFY(steps->isVisible());
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::mouseClick(test::withText<Button>(*steps, QStringLiteral("Compare")), Qt::LeftButton);
        QCOMPARE(went[0][0].value<Destination>().page, PageId::Compare);
        m_page->resize(900, 700);
        QTRY_VERIFY(!steps->isVisible());
    }

    void tilesGrowWithTheirTexts()
    {
        const ActionTile tile(QStringLiteral("Open the demo experiment"),
                              QStringLiteral("A sentence that needs some room"), QStringLiteral("play"),
                              QStringLiteral("Return"), ActionTile::Look::Filled);
        QVERIFY(tile.heightForWidth(180) > tile.heightForWidth(400));
    }

    void everythingHasANameAndIsReachable()
    {
        m_bench->settings.noteRecent({m_bench->folder / "lost", {}, 5, 1});
        QVERIFY(show());
        QCOMPARE(test::namelessControls(*m_page), QStringList());
        QCOMPARE(test::controlsOutOfReach(*m_page), QStringList());
    }

    void pictures()
    {
        if (!qEnvironmentVariableIsSet("PREFLAB_SHOTS")) QSKIP("pictures are drawn into PREFLAB_SHOTS");
        m_bench->settings.noteRecent(
            {m_bench->folder / "Own pairs, seminar", QStringLiteral("2026-06-04T10:00:00Z"), 96, 1});
        m_bench->settings.noteRecent(
            {m_bench->folder / "Short summaries", QStringLiteral("2026-06-12T10:00:00Z"), 5040, 12});
        for (const char* name : {"Recipe answers", "Courteous assistant"}) {
            QVERIFY(m_bench->openProject(name));
            QTRY_COMPARE(m_bench->workspace.projectName(), QString::fromLatin1(name));
        }
        QVERIFY(m_bench->openPairs(test::pairLines(2354)));
        QVERIFY(show());
        m_bench->workspace.runs()->start({test::fakeSpec("run")});
        QTRY_VERIFY(m_bench->workspace.runs()->active() != nullptr && m_bench->workspace.runs()->active()->step() > 5);
        for (const auto& look : {test::Look{{1208, 774}}, test::Look{{1208, 774}, ThemeKind::Dark},
                                 test::Look{{1848, 1054}}, test::Look{{1208, 774}, ThemeKind::Light, 1.5}})
            QVERIFY(!test::saveShot(*m_page, QStringLiteral("home"), look).isEmpty());
        m_page.reset();
        test::wear(ThemeKind::Light, 1.5);
        QVERIFY(show());
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("home-fresh"), test::Look{{1208, 774}, ThemeKind::Light, 1.5})
                     .isEmpty());
        m_page->showDrag(m_bench->folder / "pairs.jsonl");
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("home-drag"), test::Look{{1848, 1054}, ThemeKind::Dark, 1.5})
                     .isEmpty());
    }
};

PREFLAB_UI_TEST_MAIN(HomePageTest)
#include "home_page_test.moc"
