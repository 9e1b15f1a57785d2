// SPDX-License-Identifier: GPL-3.0-or-later
// Every page as a picture, after the demo has run on the real engine: 1280x800 and 1920x1080, light and dark, at 100 %
// and 150 %. They go to "shots" in the build folder (or $PREFLAB_SHOTS), to be looked at beside the design.
// ctest-label: slow
#include "core/train/backend/torch_backend.h"
#include "support/accessibility_walk.h"
#include "support/files.h"
#include "support/grab.h"
#include "support/ui_test_main.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/components/components_page.h"
#include "ui/pages/home/home_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/theme/translations.h"
#include "ui/widgets/page.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/toast.h"
#include "ui/window/main_window.h"

#include <QtTest>

using namespace preflab;
using namespace preflab::test;

class PagePicturesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_DATA_HOME", QByteArray::fromStdString((m_folder / "data").string()));
        qputenv("PREFLAB_RESOURCES", PREFLAB_SOURCE_FOLDER "/resources");
        installTranslations(*QCoreApplication::instance());
        m_settings = std::make_unique<AppSettings>(QString::fromStdString((m_folder / "settings.ini").string()));
        m_workspace = std::make_unique<Workspace>(m_backend, *m_settings);
        m_window = std::make_unique<MainWindow>(*m_workspace);
        m_window->resize(1280, 800);
        m_window->show();
        takePictures("home-first", {PageId::Home, {}, {}, {}});
        QTest::keyClick(m_window->page(PageId::Home), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->currentPage(), PageId::Runs, 60'000);
    }

    void liveWhileItTrains()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_workspace->runs() != nullptr && m_workspace->runs()->active() != nullptr, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(m_workspace->runs()->active() == nullptr || m_workspace->runs()->active()->step() > 40,
                                 120'000);
        saveShot(*m_window, QStringLiteral("live-running"), {});
        QTRY_VERIFY_WITH_TIMEOUT(m_workspace->runs()->unfinished().empty(), 300'000);
    }

    void everyPage_data()
    {
        QTest::addColumn<int>("page");
        QTest::addColumn<QString>("tab");
        QTest::addColumn<bool>("isRun");
        QTest::newRow("home") << static_cast<int>(PageId::Home) << QString() << false;
        QTest::newRow("data") << static_cast<int>(PageId::Data) << QStringLiteral("pairs") << false;
        QTest::newRow("annotate") << static_cast<int>(PageId::Data) << QStringLiteral("annotate") << false;
        QTest::newRow("model") << static_cast<int>(PageId::Model) << QString() << false;
        QTest::newRow("train") << static_cast<int>(PageId::Train) << QStringLiteral("setup") << false;
        QTest::newRow("wizard") << static_cast<int>(PageId::Train) << QStringLiteral("wizard") << false;
        QTest::newRow("runs") << static_cast<int>(PageId::Runs) << QString() << false;
        QTest::newRow("live") << static_cast<int>(PageId::Runs) << QString() << true;
        QTest::newRow("compare") << static_cast<int>(PageId::Compare) << QStringLiteral("overview") << false;
        QTest::newRow("compare-curves") << static_cast<int>(PageId::Compare) << QStringLiteral("curves") << false;
        QTest::newRow("compare-answers") << static_cast<int>(PageId::Compare) << QStringLiteral("answers") << false;
        QTest::newRow("settings") << static_cast<int>(PageId::Settings) << QString() << false;
    }

    void everyPage()
    {
        QFETCH(int, page);
        QFETCH(QString, tab);
        QFETCH(bool, isRun);
        Destination destination{static_cast<PageId>(page), tab, {}, {}};
        if (destination.page == PageId::Runs) static_cast<RunsPage*>(m_window->page(PageId::Runs))->showList();
        if (isRun) destination.run = QString::fromStdString(m_workspace->runs()->runs().front().record.id);
        takePictures(QTest::currentDataTag(), destination);
        QCOMPARE(namelessControls(*m_window->page(destination.page)).join(QStringLiteral("; ")), QString());
    }

    void components()
    {
        ComponentsPage page;
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark})
            QVERIFY(!saveShot(page, QStringLiteral("components"), {{1280, 800}, kind, 1.0, 1.0}).isEmpty());
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_workspace.reset();
    }

private:
    /// Nothing that is seen is still being read.
    static bool isSettled(const QWidget& page)
    {
        for (const StateView* view : page.findChildren<StateView*>())
            if (view->isVisible() && view->state() == QLatin1String("loading")) return false;
        return true;
    }

    void takePictures(const char* name, const Destination& destination)
    {
        m_window->goTo(destination);
        // What pages read in the background comes soon; a picture of it loading would show nothing.
        QTRY_VERIFY_WITH_TIMEOUT(isSettled(*m_window->page(destination.page)), 20'000);
        m_window->findChild<ToastArea*>()->hide();  // what is below a message is to be seen too
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)})
                QVERIFY(!saveShot(*m_window, QString::fromLatin1(name), {size, kind, 1.0, 1.0}).isEmpty());
        }
        QVERIFY(
            !saveShot(*m_window, QString::fromLatin1(name), {QSize(1280, 800), ThemeKind::Light, 1.5, 1.0}).isEmpty());
        QVERIFY(
            !saveShot(*m_window, QString::fromLatin1(name), {QSize(1280, 800), ThemeKind::Light, 1.0, 1.5}).isEmpty());
        wear(ThemeKind::Light);
    }

    ScratchFolder m_folder;
    TorchBackend m_backend;
    std::unique_ptr<AppSettings> m_settings;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<MainWindow> m_window;
};

PREFLAB_UI_TEST_MAIN(PagePicturesTest)
#include "page_pictures_test.moc"
