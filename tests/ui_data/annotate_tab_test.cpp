// SPDX-License-Identifier: GPL-3.0-or-later
// Labelling by keyboard: how clear and why, flags, notes, guidelines, the labeller's own check.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/pages/data/annotate_tab.h"
#include "ui/pages/data/data_page.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/state_view.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

#include <fstream>

using namespace preflab;
using namespace preflab::test;

class AnnotateTabTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<UiBench>();
        Preferences preferences = m_bench->settings.preferences();
        preferences.isAutoAdvancing = false;
        m_bench->settings.setPreferences(preferences);
        m_page = std::make_unique<DataPage>(m_bench->workspace, [](QWidget&, FileQuestion, const auto&) {});
        m_page->resize(1208, 774);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QVERIFY(m_bench->openProject());
        QVERIFY(m_bench->openPairs(pairLines(50)));
        m_page->arrive({PageId::Data, QStringLiteral("annotate"), {}, {}});
        QTRY_COMPARE(tab().queue().size(), std::size_t(50));
    }

    void cleanup()
    {
        m_page.reset();
        m_bench.reset();
    }

    void clearnessAndReasonsByKeys()
    {
        press(Qt::Key_1);
        QTRY_VERIFY(session().stateOf(0).vote.has_value());
        QVERIFY(session().stateOf(0).vote->strength == VoteStrength::Unsaid);
        press(Qt::Key_Period);
        press(Qt::Key_Period);
        press(Qt::Key_Q);
        press(Qt::Key_E);
        press(Qt::Key_Q);
        press(Qt::Key_R);
        QTRY_COMPARE(session().stateOf(0).vote->reasons, (std::vector<std::string>{"clearer", "better tone"}));
        QVERIFY(session().stateOf(0).vote->strength == VoteStrength::Clearly);
        QCOMPARE(named<Segmented>(tab(), "voteStrength").current(), QStringLiteral("clearly"));
        QVERIFY(named<Chip>(tab(), "clearer").isChecked() && !named<Chip>(tab(), "more helpful").isChecked());
        QCOMPARE(*tab().queue().row(), 0U);
        // Every pair begins without; going back shows what was said.
        press(Qt::Key_Right);
        QCOMPARE(named<Segmented>(tab(), "voteStrength").current(), QString());
        QVERIFY(!named<Chip>(tab(), "clearer").isChecked());
        press(Qt::Key_Left);
        QTRY_VERIFY(named<Chip>(tab(), "clearer").isChecked());
        press(Qt::Key_Comma);
        QTRY_VERIFY(session().stateOf(0).vote->strength == VoteStrength::Slightly);
    }

    void theBetterAnswerSaysSo()
    {
        const auto isSaid = [this](const char* text) {
            const QList<Badge*> badges = tab().findChildren<Badge*>();
            return std::ranges::any_of(
                badges, [&](const Badge* badge) { return badge->isVisible() && badge->text() == QLatin1String(text); });
        };
        press(Qt::Key_2);
        QTRY_VERIFY(isSaid("B is better"));
        press(Qt::Key_Period);
        QTRY_VERIFY(isSaid("B is slightly better"));
        QVERIFY(!isSaid("chosen") && !isSaid("rejected"));
        press(Qt::Key_0);
        QTRY_VERIFY(!isSaid("B is slightly better"));
        QTest::mouseClick(&named<Switch>(tab(), "blindSwitch"), Qt::LeftButton, {}, QPoint(8, 12));
        QTRY_VERIFY(isSaid("chosen") && isSaid("rejected"));
    }

    void everythingFitsTheSmallestWindow()
    {
        QVERIFY2(m_page->minimumSizeHint().width() <= 1208,
                 qPrintable(QString::number(m_page->minimumSizeHint().width())));
        QVERIFY(m_page->minimumSizeHint().height() <= 774);
    }

    void whatIsSaidBeforeTheVoteGoesWithIt()
    {
        QTest::mouseClick(&named<Chip>(tab(), "more correct"), Qt::LeftButton);
        QTest::mouseClick(named<Segmented>(tab(), "voteStrength").segment(QStringLiteral("much")), Qt::LeftButton);
        QCOMPARE(session().pendingChanges(), 0);
        press(Qt::Key_2);
        QTRY_VERIFY(session().stateOf(0).vote.has_value());
        QCOMPARE(session().stateOf(0).vote->reasons, std::vector<std::string>{"more correct"});
        QVERIFY(session().stateOf(0).vote->strength == VoteStrength::Much);
        QCOMPARE(session().latestChanges(10).size(), std::size_t{1});
        session().undo();
        QTRY_VERIFY(!session().stateOf(0).vote.has_value());
        QTRY_VERIFY(!named<Chip>(tab(), "more correct").isChecked());
    }

    void aReasonStopsTheQueueFromGoingOn()
    {
        Preferences preferences = m_bench->settings.preferences();
        preferences.isAutoAdvancing = true;
        m_bench->settings.setPreferences(preferences);
        press(Qt::Key_1);
        press(Qt::Key_W);
        QTRY_VERIFY(session().stateOf(0).vote && session().stateOf(0).vote->reasons.size() == 1);
        QVERIFY(!QTest::qWaitFor([this] { return tab().queue().position() != 0; }, 600));
        press(Qt::Key_1);
        QTRY_COMPARE(tab().queue().position(), std::size_t{1});
    }

    void flaggedPairsComeBackInAQueue()
    {
        press(Qt::Key_Right);
        press(Qt::Key_F);
        QTRY_COMPARE(session().stateOf(1).tags, std::vector<std::string>{kLaterTag});
        QTRY_VERIFY(named<Button>(tab(), "flagPair").isChecked());
        press(Qt::Key_Right);
        QVERIFY(!named<Button>(tab(), "flagPair").isChecked());
        auto& kind = named<ComboBox>(tab(), "queueKind");
        kind.setFocus();
        QTest::keyClick(&kind, Qt::Key_End);
        QTRY_COMPARE(tab().queue().size(), std::size_t{1});
        QCOMPARE(*tab().queue().row(), 1U);
        press(Qt::Key_F);
        QTRY_VERIFY(session().stateOf(1).tags.empty());
        QTest::keyClick(&kind, Qt::Key_Home);
        QTRY_COMPARE(tab().queue().size(), std::size_t{50});
        QTest::keyClick(&kind, Qt::Key_End);
        QTRY_COMPARE(tab().queue().size(), std::size_t{0});
        QTRY_COMPARE(tab().findChild<StateView*>()->state(), QStringLiteral("empty"));
    }

    void aNoteIsKeptByEnterAndByGoingOn()
    {
        auto& note = named<QLineEdit>(tab(), "labelNote");
        press(Qt::Key_N);
        QCOMPARE(QApplication::focusWidget(), &note);
        QTest::keyClicks(&note, QStringLiteral("Both rude, 1 wrong"));
        QVERIFY(!session().stateOf(0).vote.has_value());
        QTest::keyClick(&note, Qt::Key_Return);
        QTRY_COMPARE(session().stateOf(0).note, std::string("Both rude, 1 wrong"));
        press(Qt::Key_Right);
        QCOMPARE(note.text(), QString());
        press(Qt::Key_N);
        QTest::keyClicks(&note, QStringLiteral("Ask again"));
        clickOn(tab(), "nextPair");
        QTRY_COMPARE(session().stateOf(1).note, std::string("Ask again"));
        QVERIFY(session().stateOf(2).note.empty());
        QCOMPARE(note.text(), QString());
    }

    void aNoteBeingTypedOutlivesTheAnswerOfTheJournal()
    {
        auto& note = named<QLineEdit>(tab(), "labelNote");
        press(Qt::Key_1);
        press(Qt::Key_N);
        QTest::keyClicks(&note, QStringLiteral("half a se"));
        QTRY_COMPARE(session().pendingChanges(), 0);
        QVERIFY(session().stateOf(0).vote.has_value());
        QCOMPARE(note.text(), QStringLiteral("half a se"));
    }

    void guidelinesStayWithTheProject()
    {
        auto& guidelines = named<QPlainTextEdit>(tab(), "guidelines");
        guidelines.setFocus();
        QTest::keyClicks(&guidelines, QStringLiteral("Ignore length. 1"));
        QCOMPARE(session().pendingChanges(), 0);
        tab().setFocus();
        QCOMPARE(m_bench->workspace.state().guidelines, std::string("Ignore length. 1"));
        QVERIFY(m_bench->openProject("another"));
        QTRY_COMPARE(guidelines.toPlainText(), QString());
        QTRY_VERIFY(m_bench->workspace.projectName() == QStringLiteral("another"));
        m_bench->workspace.openProject(m_bench->folder / "project");
        QTRY_COMPARE(guidelines.toPlainText(), QStringLiteral("Ignore length. 1"));
    }

    void theCheckIsShown()
    {
        QCOMPARE(named<QLabel>(tab(), "checkLeft").text(), QStringLiteral("–"));
        QTest::mouseClick(&named<Switch>(tab(), "repeatSwitch"), Qt::LeftButton, {}, QPoint(8, 12));
        for (int i = 0; i < 8; ++i) {
            press(i < 6 ? Qt::Key_1 : Qt::Key_2);
            press(Qt::Key_Right);
        }
        QCOMPARE(named<QLabel>(tab(), "checkLeft").text(), QStringLiteral("75 %"));
        QCOMPARE(named<QLabel>(tab(), "checkSame").text(), QStringLiteral("–"));
        // One of the first three once more, with its sides exchanged: whoever takes A again means the other answer.
        QCOMPARE(tab().queue().size(), std::size_t{51});
        QVERIFY(*tab().queue().row() < 3);
        press(Qt::Key_1);
        QCOMPARE(named<QLabel>(tab(), "checkSame").text(), QStringLiteral("0 of 1"));
        press(Qt::Key_2);
        QCOMPARE(named<QLabel>(tab(), "checkSame").text(), QStringLiteral("1 of 1"));
        press(Qt::Key_Right);
        press(Qt::Key_0);
        QCOMPARE(named<QLabel>(tab(), "checkTies").text(), QStringLiteral("11 %"));
    }

    void anotherDatasetBringsItsQueue()
    {
        m_bench->workspace.openDataset(writeFile(m_bench->folder / "others.jsonl", pairLines(40)));
        QTRY_COMPARE(tab().queue().size(), std::size_t(40));
        QTRY_VERIFY(tab().findChild<StateView*>()->isShowingContent());
    }

    void aDatasetThatCannotBeOpenedSaysSo()
    {
        m_bench->workspace.openDataset(writeFile(m_bench->folder / "broken.jsonl", "no pairs at all"));
        QTRY_COMPARE(tab().findChild<StateView*>()->state(), QStringLiteral("error"));
        QVERIFY(m_bench->openPairs(pairLines(30)));
        QTRY_COMPARE(tab().queue().size(), std::size_t(30));
    }

    void aFilterThatIsNoneSaysSo()
    {
        ViewQuery query;
        query.search = "/(/";
        session().setQuery(query);
        auto& kind = named<ComboBox>(tab(), "queueKind");
        kind.setFocus();
        for (const Qt::Key key : {Qt::Key_Home, Qt::Key_Down, Qt::Key_Down}) QTest::keyClick(&kind, key);
        QCOMPARE(kind.currentData().toInt(), static_cast<int>(QueueKind::Filtered));
        QTRY_COMPARE(tab().findChild<StateView*>()->state(), QStringLiteral("error"));
        QTest::keyClick(&kind, Qt::Key_Up);
        QTRY_VERIFY(tab().findChild<StateView*>()->isShowingContent());
    }

    void aMoveByHandIsTheOnlyOne()
    {
        Preferences preferences = m_bench->settings.preferences();
        preferences.isAutoAdvancing = true;
        m_bench->settings.setPreferences(preferences);
        press(Qt::Key_1);
        press(Qt::Key_Right);
        QVERIFY(!QTest::qWaitFor([this] { return tab().queue().position() != 1; }, 600));
        press(Qt::Key_2);
        press(Qt::Key_Left);
        QVERIFY(!QTest::qWaitFor([this] { return tab().queue().position() != 0; }, 600));
        press(Qt::Key_1);
        tab().queue().goTo(0);
        QVERIFY(!QTest::qWaitFor([this] { return tab().queue().position() != 0; }, 600));
        press(Qt::Key_1);
        auto& kind = named<ComboBox>(tab(), "queueKind");
        kind.setFocus();
        QTest::keyClick(&kind, Qt::Key_Down);
        QTRY_COMPARE(tab().queue().size(), std::size_t{50});
        QVERIFY(!QTest::qWaitFor([this] { return tab().queue().position() != 0; }, 600));
    }

    void whatCannotBeReadIsNotVotedOn()
    {
        QTRY_VERIFY(isCurrentShown());
        // In place: the file that is open has other bytes now.
        std::ofstream(session().path()) << std::string(pairLines(50).size(), '\n');
        tab().setFocus();
        QTest::keyClick(&tab(), Qt::Key_Right);
        QTest::keyClick(&tab(), Qt::Key_1);
        const QList<StateView*> states = tab().findChildren<StateView*>();
        QTRY_VERIFY(
            std::ranges::any_of(states, [](const StateView* view) { return view->state() == QLatin1String("error"); }));
        QVERIFY(!named<PairText>(tab(), "answerA").isVisible());
        QVERIFY(!named<Button>(tab(), "voteA").isEnabled());
        QTest::keyClick(&tab(), Qt::Key_2);
        QCOMPARE(session().pendingChanges(), 0);
        QVERIFY(session().latestChanges(1).empty());
        QVERIFY(m_bench->openPairs(pairLines(50)));
        QTRY_VERIFY(isCurrentShown());
        press(Qt::Key_1);
        QTRY_VERIFY(session().stateOf(0).vote.has_value());
    }

    void aVoteIsAboutWhatIsShown()
    {
        press(Qt::Key_1);
        QTest::keyClick(&tab(), Qt::Key_Right);
        QTest::keyClick(&tab(), Qt::Key_1);  // nobody has seen the second pair yet
        QTRY_VERIFY(isCurrentShown());
        QTRY_COMPARE(session().pendingChanges(), 0);
        QVERIFY(session().stateOf(0).vote && !session().stateOf(1).vote);
    }

    void goingOnByItselfFollowsTheSettings()
    {
        auto* advance = withText<Switch>(tab(), QStringLiteral("Go on by itself after a choice"));
        QVERIFY(advance != nullptr);
        Preferences preferences = m_bench->settings.preferences();
        for (const bool isOn : {true, false}) {
            preferences.isAutoAdvancing = isOn;
            m_bench->settings.setPreferences(preferences);
            QCOMPARE(advance->isChecked(), isOn);
        }
        QTest::mouseClick(advance, Qt::LeftButton, {}, QPoint(8, 12));
        QVERIFY(m_bench->settings.preferences().isAutoAdvancing);
    }

    void anUndoneVoteIsNoDecision()
    {
        press(Qt::Key_1);
        QTRY_VERIFY(session().stateOf(0).vote.has_value());
        QTRY_COMPARE(named<QLabel>(tab(), "checkLeft").text(), QStringLiteral("100 %"));
        QVERIFY(withText<QLabel>(tab(), QStringLiteral("Pair 1")) != nullptr);
        session().undo();
        QTRY_VERIFY(!session().stateOf(0).vote.has_value());
        QTRY_COMPARE(named<QLabel>(tab(), "checkLeft").text(), QStringLiteral("–"));
        QTRY_VERIFY(withText<QLabel>(tab(), QStringLiteral("Pair 1")) == nullptr);
        press(Qt::Key_Q);
        QTRY_COMPARE(session().pendingChanges(), 0);
        QVERIFY(!session().stateOf(0).vote.has_value());
    }

    void everythingHasANameAndIsReachable()
    {
        QCOMPARE(namelessControls(tab()), QStringList());
        QCOMPARE(controlsOutOfReach(tab()), QStringList());
        press(Qt::Key_1);
        press(Qt::Key_Period);
        press(Qt::Key_Q);
        QTRY_COMPARE(session().pendingChanges(), 0);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark})
            QVERIFY(!saveShot(*m_page, QStringLiteral("annotate"), Look{{1208, 774}, kind}).isEmpty());
        wear(ThemeKind::Light);
    }

private:
    AnnotateTab& tab() const { return *m_page->findChild<AnnotateTab*>(); }
    DatasetSession& session() const { return *m_bench->workspace.dataset(); }
    bool isCurrentShown() const
    {
        const auto row = tab().queue().row();
        if (!row) return false;
        const auto text = tab().queue().isSwapped() ? QStringLiteral("Answer %1.")
                                                    : QStringLiteral("A friendly answer %1, with some more words.");
        const auto& shown = named<PairText>(tab(), "answerA");
        return shown.isVisible() && shown.toPlainText() == text.arg(*row);
    }
    /// As somebody who reads before deciding.
    void press(Qt::Key key) const
    {
        QTRY_VERIFY(isCurrentShown());
        tab().setFocus();
        QTest::keyClick(&tab(), key);
    }

    std::unique_ptr<UiBench> m_bench;
    std::unique_ptr<DataPage> m_page;
};

PREFLAB_UI_TEST_MAIN(AnnotateTabTest)
#include "annotate_tab_test.moc"
