// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says: notes, messages that leave by themselves, the three states of views, the list of commands.
#include "support/ui_test_main.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/toast.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>

#include <algorithm>

using namespace preflab;

namespace {

Button* buttonNamed(const QWidget& root, const QString& text)
{
    const QList<Button*> buttons = root.findChildren<Button*>();
    for (Button* button : buttons)
        if (button->text() == text || button->accessibleName() == text) return button;
    return nullptr;
}

bool isSaid(const QWidget& root, const QString& text)
{
    const QList<QLabel*> labels = root.findChildren<QLabel*>();
    return std::ranges::any_of(labels,
                               [&](const QLabel* label) { return label->text() == text && label->isVisible(); });
}

void showActive(QWidget& window)
{
    window.resize(800, 600);
    window.show();
    window.activateWindow();
    (void)QTest::qWaitForWindowActive(&window);
}

}  // namespace

class MessagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNoteOffersItsRemedy()
    {
        Note note(QStringLiteral("warning"), QStringLiteral("12 rows cannot be read."));
        int shown = 0;
        note.addButton(QStringLiteral("Show 12 rows"), [&shown] { ++shown; });
        note.show();
        QTest::mouseClick(buttonNamed(note, QStringLiteral("Show 12 rows")), Qt::LeftButton);
        QCOMPARE(shown, 1);
        note.setText(QStringLiteral("All rows are there."));
        note.clearButtons();
        QCOMPARE(note.text(), QStringLiteral("All rows are there."));
        QTRY_COMPARE(buttonNamed(note, QStringLiteral("Show 12 rows")), nullptr);
    }

    void aMessageLeavesAfterItsTime()
    {
        QWidget window;
        auto* field = new QLineEdit(&window);
        ToastArea area(&window);
        area.setStay(60);
        showActive(window);
        field->setFocus();
        area.show(QStringLiteral("Saved"));
        area.show(QStringLiteral("3 pairs left out"), ToastArea::Kind::Done, QStringLiteral("Undo"), [] {});
        QCOMPARE(area.shown(), 2);
        QTRY_VERIFY(isSaid(window, QStringLiteral("Saved")));
        QTRY_COMPARE(area.shown(), 0);
        QTRY_VERIFY(!area.isVisible());
        QCOMPARE(QApplication::focusWidget(), field);  // it took nothing away
    }

    void aFailureStaysUntilItIsClosed()
    {
        QWidget window;
        ToastArea area(&window);
        area.setStay(20);
        showActive(window);
        area.show(QStringLiteral("The disk is full."), ToastArea::Kind::Failure);
        area.show(QStringLiteral("Saved"));
        QTRY_COMPARE(area.shown(), 1);
        QVERIFY(isSaid(window, QStringLiteral("The disk is full.")));
        QTest::mouseClick(buttonNamed(area, QStringLiteral("Close this message")), Qt::LeftButton);
        QTRY_COMPARE(area.shown(), 0);
    }

    void aMessageStaysWhileSomebodyIsAtIt()
    {
        QWidget window;
        ToastArea area(&window);
        area.setStay(30);
        showActive(window);
        int undone = 0;
        area.show(QStringLiteral("3 pairs left out"), ToastArea::Kind::Done, QStringLiteral("Undo"),
                  [&undone] { ++undone; });
        Button* undo = buttonNamed(area, QStringLiteral("Undo"));
        QVERIFY(undo != nullptr);
        QTRY_VERIFY(undo->isVisible());
        undo->setFocus(Qt::TabFocusReason);
        QCOMPARE(QApplication::focusWidget(), undo);
        // Another one, without the focus, lives and dies meanwhile, and another after it.
        for (int i = 0; i < 2; ++i) {
            area.show(QStringLiteral("Saved"));
            QCOMPARE(area.shown(), 2);
            QTRY_COMPARE(area.shown(), 1);
        }
        QVERIFY(isSaid(window, QStringLiteral("3 pairs left out")));
        QTest::keyClick(undo, Qt::Key_Space);
        QCOMPARE(undone, 1);
        QTRY_COMPARE(area.shown(), 0);
    }

    void atMostThreeMessagesAreShown()
    {
        QWidget window;
        ToastArea area(&window);
        area.setStay(60'000);
        showActive(window);
        for (int i = 1; i <= 5; ++i) area.show(QString::number(i));
        QCOMPARE(area.shown(), 3);
        QVERIFY(!isSaid(window, QStringLiteral("2")));
        QTRY_VERIFY(isSaid(window, QStringLiteral("3")) && isSaid(window, QStringLiteral("5")));
        QVERIFY(window.rect().contains(area.geometry()));
        // A message whose own button brings another one, while there is no more room.
        area.show(QStringLiteral("left out"), ToastArea::Kind::Done, QStringLiteral("Undo"), [&area] {
            for (int i = 0; i < 3; ++i) area.show(QStringLiteral("back"));
        });
        QTRY_VERIFY(buttonNamed(area, QStringLiteral("Undo"))->isVisible());
        QTest::mouseClick(buttonNamed(area, QStringLiteral("Undo")), Qt::LeftButton);
        QTRY_VERIFY(!isSaid(window, QStringLiteral("left out")));
        QCOMPARE(area.shown(), 3);
    }

    void whatIsQuickDoesNotFlicker()
    {
        auto* content = new QLabel(QStringLiteral("content"));
        StateView view(content);
        showActive(view);
        view.showLoading(QStringLiteral("Reading rows: 10"));
        QCOMPARE(view.state(), QStringLiteral("loading"));
        QVERIFY(view.isShowingContent());
        view.showContent();
        QVERIFY(view.isShowingContent());
        view.showLoading(QStringLiteral("Reading rows: 10"));
        QVERIFY2(view.isShowingContent(), "shown at once");
        QTRY_VERIFY(!view.isShowingContent());
        view.showLoading(QStringLiteral("Reading rows: 20"));
        QVERIFY(isSaid(view, QStringLiteral("Reading rows: 20")));
        view.showContent();
        QVERIFY(view.isShowingContent() && content->isVisible());
    }

    void loadingIsCancelledByMouseAndEsc()
    {
        StateView view(new QWidget);
        showActive(view);
        int cancelled = 0;
        view.showLoading(QStringLiteral("Reading"), [&cancelled] { ++cancelled; });
        QTRY_VERIFY(!view.isShowingContent());
        QTest::mouseClick(buttonNamed(view, QStringLiteral("Cancel")), Qt::LeftButton);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(cancelled, 2);
    }

    void emptinessSaysWhatToDo()
    {
        StateView view(new QWidget);
        showActive(view);
        int cleared = 0;
        view.showEmpty(QStringLiteral("filter"), QStringLiteral("No pairs match"),
                       QStringLiteral("flagged leaves none."), {QStringLiteral("Clear filters"), [&] {
                                                                    ++cleared;
                                                                    view.showContent();  // the button's own panel goes
                                                                }});
        QCOMPARE(view.state(), QStringLiteral("empty"));
        QVERIFY(isSaid(view, QStringLiteral("No pairs match")) && isSaid(view, QStringLiteral("flagged leaves none.")));
        QTest::mouseClick(buttonNamed(view, QStringLiteral("Clear filters")), Qt::LeftButton);
        QCOMPARE(cleared, 1);
        QCOMPARE(view.state(), QStringLiteral("content"));
        QTRY_COMPARE(buttonNamed(view, QStringLiteral("Clear filters")), nullptr);
    }

    void anErrorHasAWayOutAndDetails()
    {
        StateView view(new QWidget);
        showActive(view);
        int opened = 0;
        const Error error{ErrorCode::FileNotFound, {{"path", "pairs.jsonl"}}, "open: no such file"};
        view.showError(QStringLiteral("This file cannot be read"), error,
                       {QStringLiteral("Choose another"), [&opened] { ++opened; }});
        QCOMPARE(view.state(), QStringLiteral("error"));
        QVERIFY(isSaid(view, QStringLiteral("This file cannot be read")));
        const QList<QLabel*> labels = view.findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("pairs.jsonl"));
        }));
        const auto areDetailsShown = [&labels] {
            return std::ranges::any_of(labels, [](const QLabel* label) {
                return label->isVisible() && label->text().contains(QStringLiteral("no such file"));
            });
        };
        QVERIFY(!areDetailsShown());
        QTest::mouseClick(buttonNamed(view, QStringLiteral("Details")), Qt::LeftButton);
        QVERIFY(areDetailsShown());
        QTest::mouseClick(buttonNamed(view, QStringLiteral("Choose another")), Qt::LeftButton);
        QCOMPARE(opened, 1);
        view.showError(QStringLiteral("Broken"), QStringLiteral("It ended early."), {});
        QVERIFY(isSaid(view, QStringLiteral("It ended early.")));
        QCOMPARE(buttonNamed(*view.currentWidget(), QStringLiteral("Details")), nullptr);
    }

    void commandsAreFoundByAFewLetters()
    {
        QVERIFY(matchesLoosely(QStringLiteral("Go to Data"), QStringLiteral("gdat")));
        QVERIFY(matchesLoosely(QStringLiteral("Go to Data"), QString()));
        QVERIFY(!matchesLoosely(QStringLiteral("Go to Data"), QStringLiteral("tadg")));
    }

    void theListOfCommandsRunsByKeyboardAlone()
    {
        QWidget window;
        auto* field = new QLineEdit(&window);
        CommandPalette palette(&window);
        QStringList done;
        const auto command = [&done](const QString& text, const QString& key = {}) {
            return PaletteCommand{text, key, [&done, text] { done.push_back(text); }};
        };
        palette.setCommands({command(QStringLiteral("Go to Data"), QStringLiteral("Ctrl+2")),
                             command(QStringLiteral("Go to Runs")), command(QStringLiteral("New training"))});
        showActive(window);
        field->setFocus();
        palette.open();
        auto* typed = palette.findChild<QLineEdit*>();
        auto* list = palette.findChild<QListWidget*>();
        QCOMPARE(list->count(), 3);
        QTest::keyClick(typed, Qt::Key_Down);
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(done, QStringList{QStringLiteral("Go to Runs")});
        QVERIFY(!palette.isVisible());
        QCOMPARE(QApplication::focusWidget(), field);
        palette.open();
        QTest::keyClicks(typed, QStringLiteral("train"));
        QCOMPARE(list->count(), 1);
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(done.back(), QStringLiteral("New training"));
        palette.open();
        QTest::keyClicks(typed, QStringLiteral("zzz"));
        QCOMPARE(list->count(), 0);
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(done.size(), 2);
        palette.open();
        QTest::keyClick(typed, Qt::Key_Escape);
        QVERIFY(!palette.isVisible());
        QCOMPARE(QApplication::focusWidget(), field);
        palette.open();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(done.back(), QStringLiteral("Go to Data"));
    }
};

PREFLAB_UI_TEST_MAIN(MessagesTest)
#include "messages_test.moc"
