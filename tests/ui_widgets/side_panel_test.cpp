// SPDX-License-Identifier: GPL-3.0-or-later
// A side panel stands beside the content, or over it where there is no room.
#include "support/ui_test_main.h"
#include "ui/widgets/button.h"
#include "ui/widgets/side_panel.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace preflab;

namespace {

/// A page with a toolbar over its content.
struct Page : QWidget {
    Page() : button(new Button(QStringLiteral("Facts"))), content(new QWidget), panel(new QFrame), field(new QLineEdit)
    {
        panel->setMinimumWidth(240);
        panel->setMaximumWidth(360);
        (new QVBoxLayout(panel))->addWidget(field);
        auto* row = new QHBoxLayout;
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(0);
        row->addWidget(content, 1);
        auto* column = new QVBoxLayout(this);
        column->addWidget(button, 0, Qt::AlignRight);
        column->addLayout(row, 1);
        side = new SidePanel(*this, *row, *content, *panel, *button);
        resize(1200, 700);
        show();
        activateWindow();
        (void)QTest::qWaitForWindowActive(this);
    }
    void resizeTo(int width)
    {
        resize(width, 700);
        QCoreApplication::sendPostedEvents();
    }
    QRect contentRect() const { return {content->mapTo(this, QPoint()), content->size()}; }

    Button* button;
    QWidget* content;
    QFrame* panel;
    QLineEdit* field;
    SidePanel* side = nullptr;
};

}  // namespace

class SidePanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void standsBesideTheContentInAWideWindow()
    {
        Page page;
        QVERIFY(!page.side->isOverlay());
        QVERIFY(page.panel->isVisible() && !page.button->isVisible());
        QCOMPARE(page.panel->geometry().left(), page.contentRect().right() + 1);
    }

    void liesOverTheContentInANarrowOne()
    {
        Page page;
        page.resizeTo(900);
        QVERIFY(page.side->isOverlay());
        QVERIFY(!page.panel->isVisible() && page.button->isVisible());
        const QRect content = page.contentRect();
        QTest::mouseClick(page.button, Qt::LeftButton);
        QVERIFY(page.panel->isVisible());
        QCOMPARE(page.contentRect(), content);
        QCOMPARE(page.panel->geometry().right(), content.right());
        QCOMPARE(page.panel->geometry().top(), content.top());
        QCOMPARE(page.panel->height(), content.height());
        QVERIFY(page.panel->width() >= 240 && page.panel->width() <= 360);
        page.resizeTo(800);
        QCOMPARE(page.panel->geometry().right(), page.contentRect().right());
        QTest::mouseClick(page.button, Qt::LeftButton);
        QVERIFY(!page.panel->isVisible());
    }

    void escapeClosesIt()
    {
        Page page;
        page.resizeTo(900);
        QTest::mouseClick(page.button, Qt::LeftButton);
        page.field->setFocus();
        QTest::keyClick(page.field, Qt::Key_Escape);
        QVERIFY(!page.panel->isVisible());
        QVERIFY(!page.button->isChecked());
        QVERIFY(page.button->hasFocus());
    }

    void goesBackIntoItsRow()
    {
        Page page;
        page.resizeTo(900);
        page.resizeTo(1200);
        QVERIFY(!page.side->isOverlay());
        QVERIFY(page.panel->isVisible() && !page.button->isVisible());
        QCOMPARE(page.panel->geometry().left(), page.contentRect().right() + 1);
    }
};

PREFLAB_UI_TEST_MAIN(SidePanelTest)
#include "side_panel_test.moc"
