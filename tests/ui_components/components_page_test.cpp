// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of all controls: everything on it has a name and a place in the tab order, and it can be drawn in every
// theme and size; its pictures are written beside the other shots, to look at beside the design's.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/ui_test_main.h"
#include "ui/pages/components/components_page.h"
#include "ui/theme/icons.h"
#include "ui/widgets/frame_bars.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/state_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QVBoxLayout>

using namespace preflab;

namespace {

/// The page in the window's frame, as in the design's picture.
struct Frame : QWidget {
    Frame() : page(new ComponentsPage)
    {
        auto* rail = new NavigationRail;
        auto* status = new StatusBar;
        rail->setCurrent(PageId::Settings);
        status->setProject(QStringLiteral("Courteous assistant"));
        status->setSaved(QStringLiteral("Saved · journal 1\u202f545"));
        status->setDevice(QStringLiteral("CPU · 16 threads · 0.4 of 15.5 GB"));
        auto* columns = new QHBoxLayout(this);
        columns->setContentsMargins(0, 0, 0, 0);
        columns->setSpacing(0);
        auto* right = new QVBoxLayout;
        right->setSpacing(0);
        right->addWidget(page, 1);
        right->addWidget(status);
        columns->addWidget(rail);
        columns->addLayout(right, 1);
        resize(1280, 800);
        show();
    }

    /// The loading state comes after a moment.
    bool isComplete() const
    {
        const QList<StateView*> views = page->findChildren<StateView*>();
        return std::ranges::none_of(views, &StateView::isShowingContent);
    }

    ComponentsPage* page;
};

}  // namespace

class ComponentsPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { test::wear(ThemeKind::Light); }

    void everythingHasANameAndAKey()
    {
        Frame frame;
        QTRY_VERIFY(frame.isComplete());
        QVERIFY(test::interactiveWidgets(frame).size() > 30);
        QCOMPARE(test::namelessControls(frame).join(QLatin1Char('\n')), QString());
        QCOMPARE(test::controlsOutOfReach(frame).join(QLatin1Char('\n')), QString());
    }

    void allIconsAreOnTheSheet()
    {
        Frame frame;
        QStringList shown;
        const QList<IconLabel*> labels = frame.page->findChildren<IconLabel*>();
        for (const IconLabel* label : labels)
            if (!label->objectName().isEmpty()) shown.push_back(label->objectName());
        shown.sort();
        QCOMPARE(shown, iconNames());
    }

    void theWalkFindsWhatHasNoName()
    {
        QWidget page;
        auto* layout = new QVBoxLayout(&page);
        auto* field = new QLineEdit;
        auto* named = new QLineEdit;
        auto* label = new QLabel(QStringLiteral("&Name"));
        label->setBuddy(named);
        auto* button = new QPushButton(QStringLiteral("Go"));
        button->setFocusPolicy(Qt::NoFocus);
        for (QWidget* widget : {static_cast<QWidget*>(field), static_cast<QWidget*>(named),
                                static_cast<QWidget*>(label), static_cast<QWidget*>(button)})
            layout->addWidget(widget);
        QCOMPARE(test::namelessControls(page), QStringList{QStringLiteral("QLineEdit")});
        QCOMPARE(test::controlsOutOfReach(page), QStringList{QStringLiteral("QPushButton (Go)")});
    }

    void tabGoesThroughThePage()
    {
        Frame frame;
        QTRY_VERIFY(frame.isComplete());
        frame.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&frame));
        QSet<QWidget*> reached;
        for (int i = 0; i < 80; ++i) {
            QTest::keyClick(QApplication::focusWidget() != nullptr ? QApplication::focusWidget() : &frame, Qt::Key_Tab);
            reached.insert(QApplication::focusWidget());
        }
        const QList<QWidget*> all = test::interactiveWidgets(frame);
        for (QWidget* widget : all) {
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const bool isInGroup = button != nullptr && (button->group() != nullptr || button->autoExclusive());
            if (!widget->isEnabled() || !widget->isVisible() || isInGroup) continue;
            QVERIFY2(reached.contains(widget),
                     qPrintable(test::placeOf(*widget) + QLatin1Char(' ') + test::spokenName(*widget)));
        }
    }

    void aThemeChangeReachesEveryCard()
    {
        Frame frame;
        QTRY_VERIFY(frame.isComplete());
        const QImage light = test::grabbed(frame, test::Look{});
        const QImage dark = test::grabbed(frame, test::Look{{1280, 800}, ThemeKind::Dark});
        QCOMPARE(dark.pixelColor(80, 60), makeTheme(ThemeKind::Dark).bgPage);
        // Hardly a pixel of one look is left in the other: nothing keeps a colour of its own.
        qint64 same = 0;
        for (int y = 0; y < light.height(); ++y)
            for (int x = 0; x < light.width(); ++x) same += light.pixel(x, y) == dark.pixel(x, y) ? 1 : 0;
        QVERIFY2(same * 100 < qint64(light.width()) * light.height(), qPrintable(QString::number(same)));
        QCOMPARE(test::grabbed(frame, test::Look{}), light);
    }

    void picturesInAllLooks()
    {
        Frame frame;
        QTRY_VERIFY(frame.isComplete());
        frame.setFocus(Qt::MouseFocusReason);  // no ring but the sheet's own
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            QVERIFY(!test::saveShot(frame, QStringLiteral("components"), {{1280, 800}, kind, 1.0, 1.0}).isEmpty());
            QVERIFY(!test::saveShot(frame, QStringLiteral("components"), {{1280, 800}, kind, 1.0, 1.5}).isEmpty());
        }
        QVERIFY(!test::saveShot(frame, QStringLiteral("components-text"), {{1600, 1000}, ThemeKind::Light, 1.5, 1.0})
                     .isEmpty());
    }
};

PREFLAB_UI_TEST_MAIN(ComponentsPageTest)
#include "components_page_test.moc"
