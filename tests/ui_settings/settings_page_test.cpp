// SPDX-License-Identifier: GPL-3.0-or-later
// Settings: what is changed applies at once and is kept; caches are emptied after asking.
#include "core/base/system.h"
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/run_project.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/pages/settings/cache_card.h"
#include "ui/pages/settings/settings_page.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/form_row.h"
#include "ui/widgets/number_field.h"

#include <QDesktopServices>
#include <QLabel>

using namespace preflab;

namespace {

template <class T>
T* withName(const QWidget& root, const QString& name)
{
    for (T* child : root.findChildren<T*>())
        if (child->accessibleName() == name) return child;
    return nullptr;
}

}  // namespace

/// Takes what would open in the desktop's file manager.
class FolderOpener : public QObject {
    Q_OBJECT

public:
    QUrl opened;

public Q_SLOTS:
    void open(const QUrl& url) { opened = url; }
};

class SettingsPageTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;
    std::unique_ptr<test::UiBench> m_bench;
    std::unique_ptr<SettingsPage> m_page;

    const Preferences& preferences() const { return m_bench->settings.preferences(); }
    Segmented* segments(const char* id) const
    {
        for (Segmented* found : m_page->findChildren<Segmented*>())
            if (found->segment(QLatin1String(id)) != nullptr) return found;
        return nullptr;
    }

private Q_SLOTS:
    void init()
    {
        // What is emptied here is never a person's own cache.
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((m_folder / "cache").string()));
        test::wear(ThemeKind::Light);
        m_bench = std::make_unique<test::UiBench>(test::longRuns());
        m_page = std::make_unique<SettingsPage>(m_bench->workspace);
        m_page->resize(1208, 774);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_bench.reset();
    }

    void changesApplyAtOnceAndAreKept()
    {
        const QSignalSpy changed(&m_bench->settings, &AppSettings::preferencesChanged);
        QTest::mouseClick(segments("dark")->segment(QStringLiteral("dark")), Qt::LeftButton);
        QCOMPARE(preferences().theme, Preferences::Theme::Dark);
        QCOMPARE(changed.size(), 1);
        test::withText<Switch>(*m_page, QStringLiteral("Show keys on buttons"))->click();
        QVERIFY(!preferences().areKeysShown);
        test::withText<Switch>(*m_page, QStringLiteral("Go on to the next pair after a choice"))->click();
        QVERIFY(!preferences().isAutoAdvancing);
        auto* size = withName<NumberField>(*m_page, QStringLiteral("Text size in percent"));
        size->setText(QStringLiteral("150"));
        QTest::keyClick(size, Qt::Key_Return);
        QCOMPARE(preferences().textScale, 1.5);
        const AppSettings again(m_bench->settings.file());
        QVERIFY(again.preferences() == preferences());
    }

    void threadsAreAllOrANumber()
    {
        QTest::mouseClick(segments("some")->segment(QStringLiteral("some")), Qt::LeftButton);
        QCOMPARE(preferences().threads, QThread::idealThreadCount());
        auto* field = withName<NumberField>(*m_page, QStringLiteral("Number of threads"));
        field->setText(QStringLiteral("1"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(preferences().threads, 1);
        field->setText(QStringLiteral("none"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(preferences().threads, 1);
        QVERIFY(test::withText<QLabel>(
                    *m_page, QStringLiteral("The number of threads must be a whole number from 1.")) != nullptr);
        QTest::mouseClick(segments("all")->segment(QStringLiteral("all")), Qt::LeftButton);
        QCOMPARE(preferences().threads, 0);
    }

    void aSizeOutOfRangeIsSaidAndNotTaken()
    {
        auto* size = withName<NumberField>(*m_page, QStringLiteral("Text size in percent"));
        size->setText(QStringLiteral("20"));
        QTest::keyClick(size, Qt::Key_Return);
        QCOMPARE(preferences().textScale, 1.0);
        QVERIFY(test::withText<QLabel>(*m_page, QStringLiteral("The text size must be from 80 to 200 %.")) != nullptr);
    }

    void changesFromElsewhereAreShown()
    {
        Preferences other = preferences();
        other.theme = Preferences::Theme::Light;
        other.threads = 3;
        m_bench->settings.setPreferences(other);
        QCOMPARE(segments("dark")->current(), QStringLiteral("light"));
        QCOMPARE(withName<NumberField>(*m_page, QStringLiteral("Number of threads"))->text(), QStringLiteral("3"));
    }

    void cachesAreEmptiedAfterAsking()
    {
        test::writeFile(cacheFolder() / "rows", std::string(2000, 'x'));
        m_page->hide();
        m_page->show();
        auto* empty = test::withText<Button>(*m_page, QStringLiteral("Empty caches"));
        QTRY_VERIFY(empty->isEnabled());
        QTest::mouseClick(empty, Qt::LeftButton);
        QVERIFY(std::filesystem::exists(cacheFolder() / "rows"));
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Keep them")), Qt::LeftButton);
        QVERIFY(std::filesystem::exists(cacheFolder() / "rows"));
        QTest::mouseClick(empty, Qt::LeftButton);
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Delete them")), Qt::LeftButton);
        QTRY_VERIFY(!std::filesystem::exists(cacheFolder() / "rows"));
        auto* note = m_page->findChild<CacheCard*>()->findChild<Note*>();
        QTRY_COMPARE(note->text(), QStringLiteral("2.0 kB freed."));
        QTRY_VERIFY(!empty->isEnabled());
    }

    void notWhileARunGoes()
    {
        test::writeFile(cacheFolder() / "rows", "rows");
        m_page->hide();
        m_page->show();
        auto* empty = test::withText<Button>(*m_page, QStringLiteral("Empty caches"));
        QTRY_VERIFY(empty->isEnabled());
        QVERIFY(m_bench->openProject());
        m_bench->workspace.runs()->start({test::fakeSpec("Long one")});
        QTRY_VERIFY(!empty->isEnabled());
        QVERIFY(empty->toolTip().contains(QStringLiteral("Long one")));
        QTRY_VERIFY(m_bench->workspace.runs()->active() != nullptr);  // until then it waits
        m_bench->workspace.runs()->active()->cancel();
        QTRY_VERIFY(empty->isEnabled());
    }

    void foldersAreShown()
    {
        FolderOpener opener;
        QDesktopServices::setUrlHandler(QStringLiteral("file"), &opener, "open");
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Show in folder")), Qt::LeftButton);
        QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
        QCOMPARE(opener.opened.toLocalFile().toStdString(), dataFolder().string());
    }

    void everythingHasANameAndIsReachable()
    {
        QCOMPARE(test::namelessControls(*m_page), QStringList());
        QCOMPARE(test::controlsOutOfReach(*m_page), QStringList());
    }

    void pictures()
    {
        if (!qEnvironmentVariableIsSet("PREFLAB_SHOTS")) QSKIP("pictures are drawn into PREFLAB_SHOTS");
        test::writeFile(cacheFolder() / "rows", std::string(2000000, 'x'));
        m_page->hide();
        m_page->show();
        auto* empty = test::withText<Button>(*m_page, QStringLiteral("Empty caches"));
        QTRY_VERIFY(empty->isEnabled());
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("settings"), test::Look{{1208, 774}}).isEmpty());
        QTest::mouseClick(empty, Qt::LeftButton);
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("settings-ask"), test::Look{{1208, 774}, ThemeKind::Dark})
                     .isEmpty());
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("settings"), test::Look{{1848, 1054}}).isEmpty());
        test::wear(ThemeKind::Light, 1.5);
        m_page = std::make_unique<SettingsPage>(m_bench->workspace);
        QVERIFY(
            !test::saveShot(*m_page, QStringLiteral("settings-fresh"), test::Look{{1208, 774}, ThemeKind::Light, 1.5})
                 .isEmpty());
    }
};

PREFLAB_UI_TEST_MAIN(SettingsPageTest)
#include "settings_page_test.moc"
