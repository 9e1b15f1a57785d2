// SPDX-License-Identifier: GPL-3.0-or-later
// The data page by mouse and keyboard: choose, search, edit, swap, leave out, undo, label blind, export.
#include "support/accessibility_walk.h"
#include "support/data_page_bench.h"
#include "support/results.h"
#include "support/ui_test_main.h"
#include "ui/pages/data/annotate_tab.h"
#include "ui/pages/data/pairs_tab.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/state_view.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>

#include <fstream>

using namespace preflab;
using namespace preflab::test;

class DataPageTest : public DataPageBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void arrowsChangeThePair()
    {
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_Down);
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 1, with some more words."));
        QTest::keyClick(&table(), Qt::Key_End);
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 49, with some more words."));
    }

    void searchFindsAndClears()
    {
        auto& field = named<QLineEdit>(*m_page, "dataSearch");
        field.setFocus();
        QTest::keyClicks(&field, QStringLiteral("number 17"));
        QTRY_COMPARE(table().model()->rowCount(), 1);
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 17, with some more words."));
        field.selectAll();
        QTest::keyClicks(&field, QStringLiteral("nothing like it"));
        QTRY_COMPARE(named<StateView>(*m_page, "pairState").state(), QStringLiteral("empty"));
        field.clear();
        QTRY_COMPARE(table().model()->rowCount(), 50);
    }

    void sortingByAColumnKeepsThePair()
    {
        selectRow(3);
        table().horizontalHeader()->setSortIndicator(DatasetTableModel::Number, Qt::DescendingOrder);
        QTRY_COMPARE(table().model()->index(0, 0).data(DatasetTableModel::RowIdRole).toUInt(), 49U);
        QTRY_COMPARE(table().currentIndex().data(DatasetTableModel::RowIdRole).toUInt(), 3U);
    }

    void anEditIsStoredBeforeItIsShown()
    {
        selectRow(2);
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_E);
        QTRY_VERIFY(chosen().isEditable());
        chosen().selectAll();
        QTest::keyClicks(&chosen(), QStringLiteral("Better e words"));
        QTest::keyClick(&chosen(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(session().stateOf(2).isEdited());
        QTRY_VERIFY(!chosen().isEditable());
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("Better e words"));
        // It is in the journal on disk, and the search sees it.
        const auto view = Journal::read(*m_bench->workspace.project(), *session().dataset());
        QVERIFY(view && view->states.find(2) != nullptr);
        named<QLineEdit>(*m_page, "dataSearch").setText(QStringLiteral("better e"));
        QTRY_COMPARE(table().model()->rowCount(), 1);
    }

    void anEditChangesOnlyWhatWasTyped()
    {
        const std::string rejected = "12\u00a0%\r\nof\u2028it";
        QVERIFY(m_bench->openPairs(
            "{\"prompt\":\"How\u00a0much?\",\"chosen\":\"10\u00a0km\",\"rejected\":\"12\u00a0%\\r\\nof\u2028it\"}\n"));
        QTRY_VERIFY(chosen().toPlainText().startsWith(QLatin1String("10")));
        clickOn(*m_page, "editPair");
        QTRY_VERIFY(chosen().isEditable());
        chosen().moveCursor(QTextCursor::End);
        QTest::keyClicks(&chosen(), QStringLiteral("!"));
        clickOn(*m_page, "savePair");
        QTRY_VERIFY(session().stateOf(0).isEdited());
        const Row edited = *session().stateOf(0).edited;
        QCOMPARE(std::get<std::string>(edited.prompt), std::string("How\u00a0much?"));
        QCOMPARE(std::get<std::string>(edited.chosen), std::string("10\u00a0km!"));
        QCOMPARE(std::get<std::string>(edited.rejected), rejected);
    }

    void typingOutlivesWhatHappensBesideIt()
    {
        writeTinyModel(m_bench->folder / "model");
        selectRow(2);
        clickOn(*m_page, "editPair");
        QTRY_VERIFY(chosen().isEditable());
        chosen().selectAll();
        QTest::keyClicks(&chosen(), QStringLiteral("Half a sen"));
        QSignalSpy counted(&session(), &DatasetSession::tokenCountsChanged);
        m_bench->workspace.openModel(m_bench->folder / "model");
        QTRY_VERIFY(session().inputs().tokens != nullptr && counted.size() >= 3);
        m_bench->workspace.setMaxLength(5);
        QTRY_VERIFY(named<QLabel>(*m_page, "tokenText").text().contains(QStringLiteral("cut off at this limit")));
        session().addTag({2}, QStringLiteral("greeting"));
        clickOn(*m_page, "agree");
        QTRY_VERIFY(session().pendingChanges() == 0 && session().stateOf(2).vote.has_value());
        QTest::mouseClick(withText<QAbstractButton>(*m_page, QStringLiteral("Letters")), Qt::LeftButton);
        QVERIFY(!QTest::qWaitFor([this] { return !chosen().isEditable(); }, 200));
        QCOMPARE(chosen().toPlainText(), QStringLiteral("Half a sen"));
        QTest::keyClicks(&chosen(), QStringLiteral("tence"));
        QTest::keyClick(&chosen(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!chosen().isEditable());
        QCOMPARE(std::get<std::string>(session().stateOf(2).edited->chosen), std::string("Half a sentence"));
    }

    void savingAnUnchangedPairEndsTheEdit()
    {
        selectRow(2);
        clickOn(*m_page, "editPair");
        QTRY_VERIFY(chosen().isEditable());
        QTest::keyClick(&chosen(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!chosen().isEditable());
        QCOMPARE(session().pendingChanges(), 0);
        QVERIFY(session().latestChanges(1).empty());
    }

    void whatCannotBeReadIsSaidAndNotChanged()
    {
        selectRow(2);
        // In place: the file that is open has other bytes now.
        std::ofstream(session().path()) << std::string(pairLines(50).size(), '\n');
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_Down);
        for (const Qt::Key key : {Qt::Key_A, Qt::Key_S, Qt::Key_E})
            QTest::keyClick(&table(), key);  // the old pair is still shown
        QVERIFY(!chosen().isEditable());
        const QList<StateView*> states = m_page->findChild<PairsTab*>()->findChildren<StateView*>();
        QTRY_VERIFY(
            std::ranges::any_of(states, [](const StateView* view) { return view->state() == QLatin1String("error"); }));
        QCOMPARE(chosen().toPlainText(), QString());
        for (const char* name : {"agree", "disagree", "tie", "swapPair", "editPair"})
            QVERIFY(!named<Button>(*m_page, name).isEnabled());
        for (const Qt::Key key : {Qt::Key_A, Qt::Key_S, Qt::Key_E}) QTest::keyClick(&table(), key);
        QCOMPARE(session().pendingChanges(), 0);
        QVERIFY(session().latestChanges(1).empty());
        QVERIFY(m_bench->openPairs(pairLines(50)));
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
        QVERIFY(chosen().isVisible());
        clickOn(*m_page, "agree");
        QTRY_VERIFY(session().stateOf(0).vote.has_value());
    }

    void lettersActAgainAfterAnEdit()
    {
        selectRow(2);
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_E);
        QTRY_VERIFY(chosen().isEditable());
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("s"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!chosen().isEditable());
        const QString edited = chosen().toPlainText();
        QVERIFY(edited.startsWith(QLatin1Char('s')));
        QCOMPARE(QApplication::focusWidget(), &table());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_S);
        QTRY_VERIFY(chosen().toPlainText() != edited);
        QCOMPARE(QString::fromStdString(std::get<std::string>(session().inputs().rows->row(2)->rejected)), edited);
    }

    void escGivesAnEditUp()
    {
        clickOn(*m_page, "editPair");
        QTRY_VERIFY(chosen().isEditable());
        QTest::keyClicks(&chosen(), QStringLiteral("x"));
        QTest::keyClick(&chosen(), Qt::Key_Escape);
        QVERIFY(!chosen().isEditable());
        QCOMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
        QVERIFY(!session().stateOf(0).isEdited());
    }

    void swapUndoRedo()
    {
        clickOn(*m_page, "swapPair");
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("Answer 0."));
        QTRY_VERIFY(named<Button>(*m_page, "undo").isEnabled());
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
        QTRY_VERIFY(named<Button>(*m_page, "redo").isEnabled());
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("Answer 0."));
    }

    void leavingOutAndBack()
    {
        QTRY_VERIFY(table().selectionModel()->hasSelection());
        clickOn(*m_page, "leaveOut");
        QTRY_VERIFY(session().stateOf(0).isExcluded);
        QTRY_VERIFY(table().model()->index(0, 0).data(MutedRole).toBool());
        clickOn(*m_page, "leaveOut");
        QTRY_VERIFY(!session().stateOf(0).isExcluded);
    }

    void lettersInAFieldAreText()
    {
        auto& field = named<QLineEdit>(*m_page, "dataSearch");
        field.setFocus();
        QTest::keyClicks(&field, QStringLiteral("aesx0"));
        QCOMPARE(field.text(), QStringLiteral("aesx0"));
        QCOMPARE(session().pendingChanges(), 0);
        QVERIFY(!chosen().isEditable());
    }

    void blindVotesMeanWhatWasShown()
    {
        m_page->arrive({PageId::Data, QStringLiteral("annotate"), {}, {}});
        auto& tab = *m_page->findChild<AnnotateTab*>();
        QTRY_COMPARE(tab.queue().size(), std::size_t(50));
        int swapped = 0;
        for (int i = 0; i < 12; ++i) {
            QTRY_COMPARE(tab.queue().position(), std::size_t(i));
            const std::uint32_t row = *tab.queue().row();
            const bool isSwapped = tab.queue().isSwapped();
            swapped += isSwapped ? 1 : 0;
            const QString first = QStringLiteral("Answer %1.").arg(row);
            const QString second = QStringLiteral("A friendly answer %1, with some more words.").arg(row);
            QTRY_COMPARE(named<PairText>(tab, "answerA").toPlainText(), isSwapped ? first : second);
            tab.setFocus();
            QTest::keyClick(&tab, Qt::Key_1);
            QTRY_VERIFY(session().stateOf(row).vote.has_value());
            QCOMPARE(session().stateOf(row).vote->vote, isSwapped ? Vote::RejectedBetter : Vote::ChosenBetter);
            QVERIFY(session().stateOf(row).vote->wasBlind);
        }
        QCOMPARE(tab.queue().decisions().size(), std::size_t(12));
    }

    void otherVotesAndSkip()
    {
        m_page->arrive({PageId::Data, QStringLiteral("annotate"), {}, {}});
        auto& tab = *m_page->findChild<AnnotateTab*>();
        QTRY_COMPARE(tab.queue().size(), std::size_t(50));
        const std::pair<Qt::Key, Vote> keys[] = {
            {Qt::Key_0, Vote::Tie}, {Qt::Key_9, Vote::BothBad}, {Qt::Key_Space, Vote::Skipped}};
        for (const auto& [key, vote] : keys) {
            const std::uint32_t row = *tab.queue().row();
            QTRY_VERIFY(named<PairText>(tab, "answerA").toPlainText().contains(QStringLiteral("nswer %1").arg(row)));
            tab.setFocus();
            QTest::keyClick(&tab, key);
            QTRY_VERIFY(session().stateOf(row).vote && session().stateOf(row).vote->vote == vote);
            QTRY_VERIFY(tab.queue().row() != row);
        }
    }

    void textsBeingTypedAreKeptWhenAnotherPairIsChosen()
    {
        typeInto(2, QStringLiteral("Typed in two"));
        selectRow(5);
        QTRY_COMPARE(textOf(2), std::string("Typed in two"));
        QTRY_VERIFY(!chosen().isEditable());
        QVERIFY(!session().stateOf(5).isEdited());
        // A filter that leaves the pair out.
        typeInto(7, QStringLiteral("Typed in seven"));
        auto& field = named<QLineEdit>(*m_page, "dataSearch");
        field.setText(QStringLiteral("number 17"));
        QTRY_COMPARE(textOf(7), std::string("Typed in seven"));
        // Esc gives up, and nothing of it comes back.
        field.clear();
        QTRY_COMPARE(table().model()->rowCount(), 50);
        typeInto(9, QStringLiteral("Never mind"));
        QTest::keyClick(&chosen(), Qt::Key_Escape);
        QTRY_VERIFY(!chosen().isEditable());
        selectRow(5);
        QTRY_COMPARE(session().pendingChanges(), 0);
        QVERIFY(!session().stateOf(9).isEdited());
    }

    void whatIsTypedOutlivesAnotherDatasetAndProject()
    {
        const auto pairs = session().path();
        typeInto(2, QStringLiteral("Typed in two"));
        named<QLineEdit>(*m_page, "tagField").setText(QStringLiteral("half"));
        typeNote(QStringLiteral("a note that"));
        m_bench->workspace.openDataset(writeFile(m_bench->folder / "others.jsonl", pairLines(40)));
        QTRY_VERIFY(m_bench->workspace.dataset()->view() != nullptr);
        QVERIFY(reopened(pairs));
        QCOMPARE(textOf(2), std::string("Typed in two"));
        QCOMPARE(session().stateOf(2).note, std::string("a note that"));
        QCOMPARE(session().stateOf(2).tags, std::vector<std::string>{"half"});
        selectRow(3);
        typeNote(QStringLiteral("about three"));
        QVERIFY(m_bench->openProject("another"));
        QVERIFY(m_bench->openProject());
        QVERIFY(reopened(pairs));
        QCOMPARE(session().stateOf(3).note, std::string("about three"));
    }

    void whatIsTypedOutlivesThePage()
    {
        typeInto(2, QStringLiteral("Typed in two"));
        m_page->hide();
        QTRY_COMPARE(textOf(2), std::string("Typed in two"));
        m_page->show();
        typeInto(4, QStringLiteral("Typed in four"));
        m_page.reset();
        QTRY_COMPARE(textOf(4), std::string("Typed in four"));
    }

    void exportsWhatIsShown()
    {
        clickOn(*m_page, "swapPair");
        QTRY_VERIFY(session().stateOf(0).isEdited());
        m_target = m_bench->folder / "out.jsonl";
        QSignalSpy toast(m_page.get(), &Page::toastWanted);
        exportBy(false);
        QTRY_COMPARE(toast.size(), 1);
        const std::string text = readFile(m_target);
        QVERIFY(text.starts_with("{\"prompt\":\"Question number 0?\",\"chosen\":\"Answer 0.\""));
        QCOMPARE(std::ranges::count(text, '\n'), 50);
    }

    void labelsGoWithTheExportWhereWanted()
    {
        session().vote(3, VoteRecord{Vote::Tie, true, false});
        session().addTag({3}, QStringLiteral("short"));
        QTRY_COMPARE(session().stateOf(3).tags.size(), std::size_t(1));
        m_target = m_bench->folder / "labelled.jsonl";
        QSignalSpy toast(m_page.get(), &Page::toastWanted);
        exportBy(true);
        QTRY_COMPARE(toast.size(), 1);
        const QByteArray text = QByteArray::fromStdString(readFile(m_target));
        QVERIFY2(text.contains("\"label\":\"tie\""), text.constData());
        QVERIFY(text.contains("\"tags\":\"short\""));
    }

    void aNameWithoutAnEndingReplacesNothing()
    {
        writeFile(m_bench->folder / "mine.jsonl", "precious\n");
        m_target = m_bench->folder / "mine";
        QSignalSpy failure(m_page.get(), &Page::failed);
        QSignalSpy toast(m_page.get(), &Page::toastWanted);
        exportBy(false);
        QTRY_COMPARE(failure.size(), 1);
        QCOMPARE(readFile(m_bench->folder / "mine.jsonl"), std::string("precious\n"));
        m_target = m_bench->folder / "other";
        exportBy(false);
        QTRY_COMPARE(toast.size(), 1);
        QCOMPARE(std::ranges::count(readFile(m_bench->folder / "other.jsonl"), '\n'), 50);
    }

    void everyControlHasAName() { QCOMPARE(namelessControls(*m_page), QStringList()); }

private:
    std::string textOf(std::uint32_t row) const
    {
        const auto now = m_bench->workspace.dataset()->inputs().rows->row(row);
        return now ? std::get<std::string>(now->chosen) : std::string();
    }
    void typeInto(std::uint32_t row, const QString& text)
    {
        selectRow(row);
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_E);
        QTRY_VERIFY(chosen().isEditable());
        chosen().selectAll();
        QTest::keyClicks(&chosen(), text);
    }
    void typeNote(const QString& text)
    {
        auto& note = named<QLineEdit>(*m_page, "noteField");
        note.setFocus();
        QTest::keyClicks(&note, text);
    }
    bool reopened(const std::filesystem::path& pairs)
    {
        m_bench->workspace.openDataset(pairs);
        return QTest::qWaitFor([this] { return m_bench->workspace.dataset()->areColumnsReady(); }, 20'000);
    }
    void exportBy(bool areLabelsWritten)
    {
        clickOn(*m_page, "exportPairs");
        QTRY_VERIFY(named<QWidget>(*m_page, "exportQuestion").isVisible());
        named<QCheckBox>(*m_page, "exportLabels").setChecked(areLabelsWritten);
        clickOn(*m_page, "chooseExportFile");
    }
};

PREFLAB_UI_TEST_MAIN(DataPageTest)
#include "data_page_test.moc"
