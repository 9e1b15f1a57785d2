// SPDX-License-Identifier: GPL-3.0-or-later
// Votes are followed once somebody says so: which kinds, counted before and after, as one step of undo.
#include "support/accessibility_walk.h"
#include "support/data_page_bench.h"
#include "support/grab.h"
#include "support/ui_test_main.h"

#include <QCheckBox>
#include <QDialog>
#include <QLabel>

using namespace preflab;
using namespace preflab::test;

class ApplyVotesTest : public DataPageBench {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        open();
        m_page->arrive({PageId::Data, QStringLiteral("annotate"), {}, {}});
    }
    void cleanup() { close(); }

    void votesCountOnceTheyAreApplied()
    {
        auto& apply = named<Button>(*m_page, "applyVotes");
        QVERIFY(!apply.isEnabled());
        session().vote(0, VoteRecord{Vote::RejectedBetter, true, false});
        session().vote(1, VoteRecord{Vote::Tie, true, false});
        session().vote(2, VoteRecord{Vote::BothBad, true, false});
        session().vote(3, VoteRecord{Vote::ChosenBetter, true, false});
        QTRY_VERIFY(apply.isEnabled());
        QTRY_COMPARE(session().pendingChanges(), 0);
        clickOn(*m_page, "applyVotes");
        auto& question = named<QDialog>(*m_page, "votesQuestion");
        QTRY_VERIFY(question.isVisible());
        QCOMPARE(namelessControls(question), QStringList());
        const auto result = [&] { return named<QLabel>(question, "votesResult").text(); };
        QCOMPARE(result(), QStringLiteral("In use now: 50 of 50 pairs. Afterwards: 48, of which 1 exchanged."));
        named<QCheckBox>(question, "leaveOutTies").click();
        QCOMPARE(result(), QStringLiteral("In use now: 50 of 50 pairs. Afterwards: 49, of which 1 exchanged."));
        // Esc changes nothing.
        QTest::keyClick(&question, Qt::Key_Escape);
        QVERIFY(!question.isVisible());
        QCOMPARE(session().pendingChanges(), 0);
        clickOn(*m_page, "applyVotes");
        QVERIFY(named<QCheckBox>(question, "leaveOutTies").isChecked());
        named<QCheckBox>(question, "leaveOutTies").click();
        clickOn(question, "applyVotesNow");
        QTRY_VERIFY(session().stateOf(2).isExcluded);
        QTRY_VERIFY(session().stateOf(0).isSwapped && session().stateOf(0).vote->vote == Vote::ChosenBetter);
        QVERIFY(!session().stateOf(1).isExcluded && !session().stateOf(3).isSwapped);
        QTRY_COMPARE(session().votes().open(), std::uint64_t(1));
        // One step of undo.
        session().undo();
        QTRY_VERIFY(!session().stateOf(2).isExcluded);
        QVERIFY(!session().stateOf(0).isSwapped && session().stateOf(0).vote->vote == Vote::RejectedBetter);
    }
};

PREFLAB_UI_TEST_MAIN(ApplyVotesTest)
#include "apply_votes_test.moc"
