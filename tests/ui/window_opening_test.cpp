// SPDX-License-Identifier: GPL-3.0-or-later
// What the window opens: paths of the command line, and files and folders that are dropped on it.
#include "support/grab.h"
#include "support/restart_bench.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/app/demo_experiment.h"
#include "ui/pages/home/drop_area.h"
#include "ui/widgets/page.h"
#include "ui/widgets/toast.h"
#include "ui/window/main_window.h"

#include <QDragEnterEvent>
#include <QDragLeaveEvent>
#include <QDropEvent>
#include <QMimeData>

using namespace preflab;
using namespace preflab::test;

class WindowOpeningTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RestartBench> m_bench;
    std::unique_ptr<MainWindow> m_window;
    std::filesystem::path m_pairs, m_model, m_project;

    Workspace& workspace() const { return *m_bench->workspace; }
    bool areOpen(bool pairs, bool model) const
    {
        return QTest::qWaitFor(
            [&] {
                const bool hasPairs = workspace().dataset() != nullptr && workspace().dataset()->path() == m_pairs &&
                                      workspace().dataset()->phase() == DatasetSession::Phase::Open;
                const bool hasModel = workspace().model() && workspace().modelPath() == m_model;
                return !workspace().isOpeningProject() && (!pairs || hasPairs) && (!model || hasModel);
            },
            10'000);
    }
    static void fill(QMimeData& data, const std::vector<std::filesystem::path>& paths)
    {
        QList<QUrl> urls;
        for (const auto& path : paths) urls.push_back(QUrl::fromLocalFile(QString::fromStdString(path.string())));
        data.setUrls(urls);
    }
    bool enter(const QMimeData& data) const
    {
        QDragEnterEvent event(QPoint(600, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        event.ignore();
        QApplication::sendEvent(m_window.get(), &event);
        return event.isAccepted();
    }
    void drop(const std::vector<std::filesystem::path>& paths) const
    {
        QMimeData data;
        fill(data, paths);
        QVERIFY(enter(data));
        QDropEvent event(QPointF(600, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &event);
    }

private Q_SLOTS:
    void init()
    {
        wear(ThemeKind::Light);
        m_bench = std::make_unique<RestartBench>();
        // The unnamed project of this test is nobody's own.
        qputenv("XDG_DATA_HOME", QByteArray::fromStdString((m_bench->folder / "data").string()));
        m_bench->begin();
        m_pairs = writeFile(m_bench->folder / "pairs.jsonl", pairLines(5));
        m_model = writeFile(m_bench->folder / "model" / "config.json", "{}").parent_path();
        m_project = m_bench->folder / "mine";
        QVERIFY(openProject(m_project) != nullptr);
        m_window = std::make_unique<MainWindow>(workspace(), [](QWidget&, FileQuestion, const auto&) {});
        m_window->restoreLayout();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void cleanup()
    {
        m_window.reset();
        m_bench->close();
        m_bench.reset();
    }

    void readsTheCommandLine()
    {
        const WindowOptions none = readWindowOptions({QStringLiteral("preflab")});
        QVERIFY(none.paths.empty() && !none.isDemoWanted && !none.areComponentsShown);
        const WindowOptions some =
            readWindowOptions({QStringLiteral("preflab"), QStringLiteral("--demo"), QStringLiteral("pairs.jsonl"),
                               QStringLiteral("/models/small"), QStringLiteral("--components")});
        QVERIFY(some.isDemoWanted && some.areComponentsShown);
        QCOMPARE(some.paths.size(), std::size_t(2));
        QCOMPARE(some.paths[0], std::filesystem::current_path() / "pairs.jsonl");
        QCOMPARE(some.paths[1], std::filesystem::path("/models/small"));
    }

    void opensPairs()
    {
        m_window->follow({{m_pairs}, false, false});
        QTRY_COMPARE(m_window->currentPage(), PageId::Data);
        QVERIFY(areOpen(true, false));
        QCOMPARE(workspace().projectName(), QStringLiteral("Unnamed project"));
    }

    void whatIsAskedForTwiceOpensOnce()
    {
        QSignalSpy failures(&workspace(), &Workspace::failed);
        int opened = 0;
        for (int i = 0; i < 3; ++i) workspace().openProject(m_project, [&opened] { ++opened; });
        QTRY_COMPARE(opened, 3);
        QCOMPARE(workspace().projectName(), QStringLiteral("mine"));
        // Back to the one before while another is on its way.
        const auto other = m_bench->folder / "other";
        for (const auto& folder : {other, m_project, other, m_project, other})
            workspace().openProject(folder, [&opened] { ++opened; });
        QTRY_COMPARE(workspace().projectName(), QStringLiteral("other"));
        QTRY_VERIFY(!workspace().isOpeningProject());
        QCOMPARE(opened, 6);  // the first one is open already each time that it is asked for
        QCOMPARE(failures.size(), 0);
    }

    void theDemoOrdersItsRunsOnce()
    {
        qputenv("PREFLAB_RESOURCES", PREFLAB_SOURCE_FOLDER "/resources");
        DemoExperiment demo(workspace());
        QSignalSpy started(&demo, &DemoExperiment::started);
        for (int i = 0; i < 3; ++i) demo.start();
        QTRY_VERIFY(!started.isEmpty());
        QTRY_VERIFY(m_bench->finishAll());
        QCOMPARE(started.size(), 1);
        QCOMPARE(workspace().runs()->runs().size(), std::size_t(2));
        QSignalSpy reopened(&demo, &DemoExperiment::reopened);
        demo.start();
        QTRY_COMPARE(reopened.size(), 1);
        QCOMPARE(workspace().runs()->runs().size(), std::size_t(2));
        qunsetenv("PREFLAB_RESOURCES");
    }

    void opensPairsAndModelInOneProject()
    {
        m_window->follow({{m_pairs, m_model}, false, false});
        QTRY_COMPARE(m_window->currentPage(), PageId::Model);
        QVERIFY(areOpen(true, true));
    }

    void opensPairsAndModelInTheProjectNamedFirst()
    {
        m_window->follow({{m_project, m_model, m_pairs}, false, false});
        QVERIFY(areOpen(true, true));
        QCOMPARE(workspace().projectName(), QStringLiteral("mine"));
        QTRY_COMPARE(m_window->currentPage(), PageId::Data);
    }

    void opensPairsInTheProjectNamedLast()
    {
        m_window->follow({{m_pairs, m_project}, false, false});
        QVERIFY(areOpen(true, false));
        QCOMPARE(workspace().projectName(), QStringLiteral("mine"));
    }

    void anotherProjectTakesWhatCameWithIt()
    {
        QVERIFY(m_bench->openProject());
        drop({m_project, m_pairs});
        QVERIFY(areOpen(true, false));
        QCOMPARE(workspace().projectName(), QStringLiteral("mine"));
    }

    void aProjectThatCannotBeOpenedTakesNothingWithIt()
    {
        const auto broken = writeFile(m_bench->folder / "broken" / "project.db",
                                      "no database at all, but long enough to be read as one")
                                .parent_path();
        m_window->follow({{broken, m_pairs}, false, false});
        QVERIFY(areOpen(true, false));
        QCOMPARE(workspace().projectName(), QStringLiteral("Unnamed project"));
        QVERIFY(m_window->findChild<ToastArea*>()->shown() > 0);
    }

    // It may have been the project, and nothing shall be written into another one instead.
    void aMissingFolderOpensNothing()
    {
        m_window->follow({{m_bench->folder / "mistyped", m_pairs}, false, false});
        QTRY_VERIFY(m_window->findChild<ToastArea*>()->shown() > 0);
        QCOMPARE(m_window->currentPage(), PageId::Home);
        QVERIFY(workspace().projectName().isEmpty() && workspace().dataset() == nullptr);
        QVERIFY(!workspace().isOpeningProject());
        QVERIFY(!std::filesystem::exists(m_bench->folder / "mistyped"));
    }

    void whatIsDraggedIsRecognisedAndDropped()
    {
        auto* area = m_window->findChild<DropArea*>();
        const QString before = area->text();
        QMimeData data;
        fill(data, {m_model});
        QVERIFY(enter(data));
        QVERIFY(area->isDragShown());
        QTRY_COMPARE(area->text(), QStringLiteral("Drop to open the model model"));
        QDragLeaveEvent leave;
        QApplication::sendEvent(m_window.get(), &leave);
        QVERIFY(!area->isDragShown());
        QCOMPARE(area->text(), before);
        drop({m_model});
        QVERIFY(!area->isDragShown());
        QTRY_COMPARE(m_window->currentPage(), PageId::Model);
        QVERIFY(areOpen(false, true));
        drop({m_pairs});
        QTRY_COMPARE(m_window->currentPage(), PageId::Data);
        QVERIFY(areOpen(true, true));
        drop({m_project});
        QTRY_COMPARE(workspace().projectName(), QStringLiteral("mine"));
    }

    void whatIsNoFileIsNotTaken()
    {
        QMimeData words, link;
        words.setText(QStringLiteral("some words"));
        link.setUrls({QUrl(QStringLiteral("https://example.org/pairs.jsonl"))});
        QVERIFY(!enter(words));
        QVERIFY(!enter(link));
        QVERIFY(!m_window->findChild<DropArea*>()->isDragShown());
    }

    void aMissingFileIsSaidWhereItIsLookedFor()
    {
        m_window->follow({{m_bench->folder / "gone.jsonl"}, false, false});
        QTRY_COMPARE(m_window->currentPage(), PageId::Data);
        QTRY_VERIFY(workspace().dataset() != nullptr &&
                    workspace().dataset()->phase() == DatasetSession::Phase::Failed);
        QTRY_VERIFY(std::ranges::any_of(m_window->page(PageId::Data)->findChildren<QLabel*>(), [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("gone.jsonl"));
        }));
    }

    void theSheetOfControlsIsShown()
    {
        m_window->follow({{}, false, true});
        QVERIFY(withText<QLabel>(*m_window, QStringLiteral("Components")) != nullptr);
    }
};

PREFLAB_UI_TEST_MAIN(WindowOpeningTest)
#include "window_opening_test.moc"
