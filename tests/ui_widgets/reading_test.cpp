// SPDX-License-Identifier: GPL-3.0-or-later
// Texts to read: plain whatever they hold, marks where they belong, dialogues turn by turn; and the window's edges.
#include "support/grab.h"
#include "support/ui_test_main.h"
#include "ui/widgets/button.h"
#include "ui/widgets/frame_bars.h"
#include "ui/widgets/page.h"
#include "ui/widgets/pair_text.h"

#include <QAbstractButton>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTextBlock>

#include <algorithm>

using namespace preflab;

namespace {

QColor groundAt(const PairText& view, int position)
{
    QTextCursor cursor(view.document());
    cursor.setPosition(position + 1);  // a cursor has the format of the letter before it
    const QBrush brush = cursor.charFormat().background();
    return brush.style() == Qt::NoBrush ? QColor() : brush.color();
}

bool holdsColor(const QImage& image, const QColor& color)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y) == color) return true;
    return false;
}

}  // namespace

class ReadingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { test::wear(ThemeKind::Light); }

    void textIsNeverMarkup()
    {
        const std::string text = "<b>not bold</b> <img src=x> &amp; line one\nline two";
        PairText view;
        view.setText(text);
        QCOMPARE(view.text(), text);
        QVERIFY(view.isReadOnly() && !view.acceptRichText());
        TurnsView turns;
        turns.setTurns({{"user", "<i>hello</i>"}});
        QVERIFY(turns.plainText().contains(QStringLiteral("<i>hello</i>")));
        const QList<QLabel*> labels = turns.findChildren<QLabel*>();
        for (const QLabel* label : labels) QCOMPARE(label->textFormat(), Qt::PlainText);
    }

    void marksStandWhereTheBytesAre()
    {
        // Two bytes, three bytes, four bytes (two units of a QString) before the mark.
        const std::string text = "é € 😀 new end";
        const std::size_t begin = text.find("new");
        PairText view;
        view.setText(text, {{begin, begin + 3, TextMark::Kind::OnlyChosen}});
        const qsizetype at = QString::fromStdString(text).indexOf(QStringLiteral("new"));
        const int position = static_cast<int>(at);
        QVERIFY(!groundAt(view, position - 1).isValid());
        QCOMPARE(groundAt(view, position), currentTheme().chosenMark);
        QCOMPARE(groundAt(view, position + 2), currentTheme().chosenMark);
        QVERIFY(!groundAt(view, position + 3).isValid());
        view.setText("short", {{2, 999, TextMark::Kind::SearchHit}});
        QCOMPARE(groundAt(view, 4), currentTheme().warningBg);
    }

    void marksFollowTheTheme()
    {
        PairText view;
        view.setText("same start, only here, only there, hit", {{0, 12, TextMark::Kind::CommonPrefix},
                                                                {12, 21, TextMark::Kind::OnlyChosen},
                                                                {23, 33, TextMark::Kind::OnlyRejected},
                                                                {35, 38, TextMark::Kind::SearchHit}});
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Light}) {
            const QImage image = test::grabbed(view, test::Look{{600, 120}, kind});
            const Theme theme = makeTheme(kind);
            for (const QColor& color :
                 {theme.chosenMark, theme.chosen, theme.rejectedMark, theme.rejected, theme.warningBg})
                QVERIFY2(holdsColor(image, color), qPrintable(color.name()));
        }
    }

    void longLinesAreCapped()
    {
        PairText view;
        std::string text(4000, 'x');
        text += " words that wrap";
        view.setText(text);
        test::grabbed(view, test::Look{{1600, 400}});
        QVERIFY(view.viewport()->width() <= 720);
        test::grabbed(view, test::Look{{500, 400}});
        QVERIFY(view.viewport()->width() > 450);
        QCOMPARE(view.horizontalScrollBar()->maximum(), 0);
    }

    void editingIsAcceptedOrGivenUp()
    {
        PairText view;
        view.setText("before", {{0, 6, TextMark::Kind::OnlyChosen}});
        QSignalSpy accepted(&view, &PairText::editAccepted), givenUp(&view, &PairText::editGivenUp);
        QTest::keyClicks(&view, QStringLiteral("x"));
        QCOMPARE(view.text(), std::string("before"));
        view.setEditable(true);
        QVERIFY(!groundAt(view, 2).isValid());
        view.moveCursor(QTextCursor::End);
        QTest::keyClicks(&view, QStringLiteral(" after"));
        QCOMPARE(view.text(), std::string("before after"));
        QTest::keyClick(&view, Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(accepted.size(), 1);
        QCOMPARE(givenUp.size(), 1);
        QCOMPARE(view.text(), std::string("before after"));
    }

    void whatNobodyEditedStaysAsItIs()
    {
        const std::string nbsp = "\u00a0", lineSeparator = "\u2028", paragraph = "\u2029";
        const std::string text = "10" + nbsp + "km\r\nsecond" + lineSeparator + "line" + paragraph + "end\rof it\n";
        PairText view;
        view.setText(text);
        QCOMPARE(view.text(), text);
        view.setEditable(true);
        QCOMPARE(view.text(), text);
        view.moveCursor(QTextCursor::End);
        QTest::keyClicks(&view, QStringLiteral("x"));
        // Ends of lines are Qt's from here on; all other letters are the text's own.
        QCOMPARE(view.text(), "10" + nbsp + "km\nsecond" + lineSeparator + "line\nend\nof it\nx");
        view.undo();
        QCOMPARE(view.text(), text);
        view.setText("a\r\nb\r\n");
        view.moveCursor(QTextCursor::End);
        QTest::keyClicks(&view, QStringLiteral("c"));
        QTest::keyClick(&view, Qt::Key_Return);
        QTest::keyClick(&view, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(view.text(), std::string("a\r\nb\r\nc\r\n\r\n"));
        view.setText("a");
        view.moveCursor(QTextCursor::End);
        QTest::keyClick(&view, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(view.text(), std::string("a\n"));
    }

    void longDialoguesFold()
    {
        Messages turns;
        for (int i = 0; i < 7; ++i) turns.push_back({i % 2 == 0 ? "user" : "assistant", "turn " + std::to_string(i)});
        TurnsView view;
        view.setTurns(turns);
        view.show();
        const auto isSaid = [&view](const QString& text) {
            const QList<QLabel*> labels = view.findChildren<QLabel*>();
            return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == text; });
        };
        QVERIFY(isSaid(QStringLiteral("turn 6")) && isSaid(QStringLiteral("turn 4")));
        QVERIFY(!isSaid(QStringLiteral("turn 3")));
        auto* unfold = view.findChild<Button*>();
        QVERIFY(unfold->text().contains(QLatin1Char('4')));
        QTest::mouseClick(unfold, Qt::LeftButton);
        QVERIFY(isSaid(QStringLiteral("turn 0")) && isSaid(QStringLiteral("turn 3")));
        QCOMPARE(view.plainText().count(QStringLiteral("turn")), 7);
        view.setTurns({});
        QTRY_VERIFY(!isSaid(QStringLiteral("turn 0")));
    }

    void theRailLeadsByMouseAndKeys()
    {
        QWidget window;
        auto* rail = new NavigationRail(&window);
        rail->resize(72, 700);
        window.resize(300, 700);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QList<PageId> chosen;
        connect(rail, &NavigationRail::chosen, this, [&chosen](PageId page) { chosen.push_back(page); });
        const Qt::Key keys[] = {Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_4, Qt::Key_5, Qt::Key_6, Qt::Key_Comma};
        for (const Qt::Key key : keys) QTest::keyClick(&window, key, Qt::ControlModifier);
        const QList<PageId> all{PageId::Home, PageId::Data,    PageId::Model,   PageId::Train,
                                PageId::Runs, PageId::Compare, PageId::Settings};
        QCOMPARE(chosen, all);
        chosen.clear();
        for (const char* name : {"railData", "railSettings"})
            QTest::mouseClick(rail->findChild<QAbstractButton*>(QString::fromLatin1(name)), Qt::LeftButton);
        QCOMPARE(chosen, (QList<PageId>{PageId::Data, PageId::Settings}));
        rail->setCurrent(PageId::Runs);
        QVERIFY(rail->findChild<QAbstractButton*>(QStringLiteral("railRuns"))->isChecked());
        const QImage still = test::grabbed(*rail);
        rail->setRunning(true);
        QVERIFY(test::grabbed(*rail) != still);
    }

    void theStatusBarSaysWhatGoesOn()
    {
        StatusBar bar;
        bar.resize(900, bar.height());
        bar.show();
        bar.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&bar));
        QSignalSpy job(&bar, &StatusBar::jobClicked), commands(&bar, &StatusBar::commandsWanted);
        const auto isSaid = [&bar](const QString& text) {
            const QList<QLabel*> labels = bar.findChildren<QLabel*>();
            return std::ranges::any_of(
                labels, [&](const QLabel* label) { return label->text() == text && label->isVisible(); });
        };
        QVERIFY(isSaid(QStringLiteral("No project open")) && isSaid(QStringLiteral("No run in progress")));
        bar.setProject(QStringLiteral("Courteous assistant"));
        bar.setSaved(QStringLiteral("Saved"));
        bar.setJob(QStringLiteral("dpo · step 3 of 10"));
        QVERIFY(isSaid(QStringLiteral("Courteous assistant")) && !isSaid(QStringLiteral("No run in progress")));
        for (QAbstractButton* button : bar.findChildren<QAbstractButton*>()) QTest::mouseClick(button, Qt::LeftButton);
        QTest::keyClick(&bar, Qt::Key_K, Qt::ControlModifier);
        QCOMPARE(job.size(), 1);
        QCOMPARE(commands.size(), 2);
        bar.setJob({});
        QVERIFY(isSaid(QStringLiteral("No run in progress")));
        QCOMPARE(bar.height(), 26);
    }

    void aPagesTabsTurnByCtrlTabAndLinks()
    {
        Page page(PageId::Data, QStringLiteral("Data"));
        page.header().addTab(QStringLiteral("pairs"), QStringLiteral("Pairs"));
        page.header().addTab(QStringLiteral("annotate"), QStringLiteral("Annotate"));
        page.resize(600, 300);
        page.show();
        page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QSignalSpy turned(&page.header(), &PageHeader::tabChanged);
        QCOMPARE(page.header().currentTab(), QStringLiteral("pairs"));
        QTest::keyClick(&page, Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(page.header().currentTab(), QStringLiteral("annotate"));
        QTest::keyClick(&page, Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(page.header().currentTab(), QStringLiteral("pairs"));
        page.arrive({PageId::Data, QStringLiteral("annotate"), {}, {}});
        page.arrive({PageId::Data, {}, {}, {}});
        QCOMPARE(page.header().currentTab(), QStringLiteral("annotate"));
        QCOMPARE(turned.size(), 3);
        QCOMPARE(page.findChild<QTabBar*>()->accessibleName(), QStringLiteral("Views of Data"));
        QCOMPARE(page.header().height(), 52);
    }
};

PREFLAB_UI_TEST_MAIN(ReadingTest)
#include "reading_test.moc"
