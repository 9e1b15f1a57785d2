// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of votes: what goes into the journal, pairs that are asked twice, and what the self-check counts.
#include "support/run_project.h"
#include "ui/models/data/annotation_queue.h"

#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace preflab;
using Shown = AnnotationQueue::Shown;

namespace {

/// Twenty-five pairs and a queue over all of them.
struct Sitting {
    Sitting()
    {
        std::string lines;
        for (int i = 0; i < 25; ++i) {
            const std::string n = std::to_string(i);
            lines +=
                "{\"prompt\":\"Question " + n + "\",\"chosen\":\"Good " + n + "\",\"rejected\":\"Bad " + n + "\"}\n";
        }
        project = test::openProject(folder.path() / "project");
        session = std::make_unique<DatasetSession>(project, test::writeFile(folder / "pairs.jsonl", lines));
    }

    bool start(QueueKind kind = QueueKind::All)
    {
        if (!QTest::qWaitFor(
                [this] { return session->phase() == DatasetSession::Phase::Open && session->areColumnsReady(); },
                20'000))
            return false;
        queue.start(session.get(), kind);
        return QTest::qWaitFor([this] { return !queue.isBuilding(); }, 20'000);
    }
    bool settle() const
    {
        return QTest::qWaitFor([this] { return session->pendingChanges() == 0; }, 20'000);
    }
    /// Votes for the better answer, wherever it is shown.
    void voteWell() { queue.vote(queue.isSwapped() ? Shown::SecondBetter : Shown::FirstBetter); }
    std::optional<VoteRecord> stored(std::uint32_t row) const { return session->stateOf(row).vote; }

    test::ScratchFolder folder;
    std::shared_ptr<Project> project;
    std::unique_ptr<DatasetSession> session;
    AnnotationQueue queue;
};

}  // namespace

class AnnotationQueueTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void detailsGoWithAVoteAndAfterIt()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.queue.vote(Shown::FirstBetter, {VoteStrength::Clearly, {"clearer"}});
        // At once, before the journal has answered.
        sitting.queue.describe({VoteStrength::Much, {"clearer", "more helpful"}});
        QVERIFY(sitting.settle());
        const auto vote = sitting.stored(0);
        QVERIFY(vote.has_value());
        QVERIFY(vote->strength == VoteStrength::Much);
        QCOMPARE(vote->reasons, (std::vector<std::string>{"clearer", "more helpful"}));
        QVERIFY(vote->wasBlind);
        QCOMPARE(vote->vote == Vote::RejectedBetter, sitting.queue.isSwapped());
        QCOMPARE(sitting.queue.decisions().size(), std::size_t{1});
        sitting.session->undo();
        QVERIFY(sitting.settle());
        QVERIFY(sitting.stored(0)->strength == VoteStrength::Clearly);
    }

    void onlyABetterSideHasDetails()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.queue.describe({VoteStrength::Much, {}});  // nothing to describe yet
        sitting.queue.vote(Shown::Tie, {VoteStrength::Much, {"clearer"}});
        sitting.queue.describe({VoteStrength::Much, {"clearer"}});
        QVERIFY(sitting.settle());
        QVERIFY(*sitting.stored(0) == (VoteRecord{Vote::Tie, true, sitting.queue.isSwapped()}));
        QCOMPARE(sitting.session->latestChanges(10).size(), std::size_t{1});
    }

    void flaggedPairsHaveAQueue()
    {
        Sitting sitting;
        QVERIFY(sitting.start(QueueKind::Flagged));
        QCOMPARE(sitting.queue.size(), std::size_t{0});
        sitting.session->addTag({3, 17}, QLatin1String(kLaterTag));
        sitting.session->addTag({5}, QStringLiteral("other"));
        QVERIFY(sitting.settle());
        QVERIFY(sitting.start(QueueKind::Flagged));
        QCOMPARE(sitting.queue.size(), std::size_t{2});
        QCOMPARE(*sitting.queue.row(), 3U);
        sitting.queue.next();
        QCOMPARE(*sitting.queue.row(), 17U);
    }

    void repeatsAreComparedAndNotStored()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.queue.setRepeating(true);
        std::set<std::uint32_t> asked, repeated;
        int repeats = 0, same = 0;
        while (!sitting.queue.isDone()) {
            const std::uint32_t row = *sitting.queue.row();
            if (!sitting.queue.isRepeat()) {
                asked.insert(row);
                sitting.voteWell();
                sitting.queue.next();
                continue;
            }
            QVERIFY(asked.contains(row));
            QVERIFY(repeated.insert(row).second);
            QVERIFY(sitting.settle());
            const VoteRecord first = *sitting.stored(row);
            QVERIFY(first.wasSwapped != sitting.queue.isSwapped());  // the sides have changed places
            QVERIFY(!sitting.queue.voteHere().has_value());          // nothing gives the first answer away
            ++repeats;
            if (repeats == 1) {
                // Somebody who always takes the left side.
                sitting.queue.vote(first.wasSwapped == (first.vote == Vote::RejectedBetter) ? Shown::FirstBetter
                                                                                            : Shown::SecondBetter);
                QVERIFY(sitting.queue.voteHere().has_value());
                same += sitting.queue.voteHere()->vote == first.vote ? 1 : 0;
            } else {
                sitting.voteWell();
                ++same;
            }
            QVERIFY(sitting.settle());
            QVERIFY(*sitting.stored(row) == first);
            QCOMPARE(sitting.queue.selfCheck().repeats, repeats);
            QCOMPARE(sitting.queue.selfCheck().same, same);
            sitting.queue.next();
        }
        QCOMPARE(asked.size(), std::size_t{25});
        QCOMPARE(repeats, 3);  // 25 decisions, one in eight
        QCOMPARE(sitting.queue.decisions().size(), std::size_t{25});
        QVERIFY(sitting.settle());
        QCOMPARE(sitting.session->latestChanges(100).size(), std::size_t{25});
    }

    void nothingIsRepeatedWithOpenSidesOrUnasked()
    {
        for (const bool isBlind : {true, false}) {
            Sitting sitting;
            QVERIFY(sitting.start());
            sitting.queue.setBlind(isBlind);
            sitting.queue.setRepeating(!isBlind);
            while (!sitting.queue.isDone()) {
                QVERIFY(!sitting.queue.isRepeat());
                sitting.voteWell();
                sitting.queue.next();
            }
            QCOMPARE(sitting.queue.size(), std::size_t{25});
        }
    }

    void theCheckCountsSidesAndTies()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        for (const Shown shown : {Shown::FirstBetter, Shown::FirstBetter, Shown::FirstBetter, Shown::SecondBetter,
                                  Shown::Tie, Shown::BothBad, Shown::Skipped}) {
            sitting.queue.vote(shown);
            sitting.queue.next();
        }
        const SelfCheck check = sitting.queue.selfCheck();
        QCOMPARE(check.votes, 6);
        QCOMPARE(check.sided, 4);
        QCOMPARE(check.left, 3);
        QCOMPARE(check.ties, 2);
        QCOMPARE(check.repeats, 0);
        // A decision that is changed counts once.
        sitting.queue.goTo(sitting.queue.decisions().back().row);
        sitting.queue.vote(Shown::SecondBetter);
        QCOMPARE(sitting.queue.selfCheck().votes, 6);
        QCOMPARE(sitting.queue.selfCheck().left, 2);
    }

    void anUndoneVoteIsNotWrittenBack()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.voteWell();
        QVERIFY(sitting.settle());
        sitting.session->undo();
        sitting.queue.describe({VoteStrength::Much, {"clearer"}});  // before the journal has answered
        QVERIFY(sitting.settle());
        QVERIFY(!sitting.stored(0).has_value());
        QVERIFY(sitting.queue.decisions().empty());
        QCOMPARE(sitting.queue.selfCheck().votes, 0);
        sitting.queue.describe({VoteStrength::Much, {"clearer"}});
        QVERIFY(sitting.settle());
        QVERIFY(!sitting.stored(0).has_value());
        // Of two votes on a pair, undo leaves the first.
        sitting.queue.vote(Shown::Tie);
        sitting.queue.vote(Shown::BothBad);
        QVERIFY(sitting.settle());
        sitting.session->undo();
        QVERIFY(sitting.settle());
        QCOMPARE(sitting.queue.decisions().size(), std::size_t{1});
        QVERIFY(sitting.queue.decisions().front().vote.vote == Vote::Tie);
    }

    void aVoteFollowsItsPairWhenSidesAreExchanged()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.queue.vote(sitting.queue.isSwapped() ? Shown::FirstBetter : Shown::SecondBetter);
        QVERIFY(sitting.settle());
        QVERIFY(sitting.stored(0)->vote == Vote::RejectedBetter);
        sitting.session->swapSides({0});
        sitting.queue.describe({VoteStrength::Slightly, {}});  // before the journal has answered
        QVERIFY(sitting.settle());
        QVERIFY(sitting.stored(0)->vote == Vote::ChosenBetter);
        QVERIFY(sitting.stored(0)->strength == VoteStrength::Slightly);
        sitting.queue.describe({VoteStrength::Clearly, {}});
        QVERIFY(sitting.settle());
        QVERIFY(sitting.stored(0)->vote == Vote::ChosenBetter);
        QVERIFY(sitting.stored(0)->strength == VoteStrength::Clearly);
        QVERIFY(sitting.queue.decisions().front().vote == *sitting.stored(0));
    }

    void aRepeatOfAnUndoneVoteAsksAnew()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.queue.setRepeating(true);
        while (!sitting.queue.isRepeat()) {
            sitting.voteWell();
            sitting.queue.next();
        }
        const std::uint32_t row = *sitting.queue.row();
        QVERIFY(sitting.settle());
        while (sitting.stored(row)) {
            sitting.session->undo();
            QVERIFY(sitting.settle());
        }
        QVERIFY(!sitting.queue.isRepeat());
        sitting.voteWell();
        QVERIFY(sitting.settle());
        QVERIFY(sitting.stored(row) && sitting.stored(row)->vote == Vote::ChosenBetter);
        QVERIFY(sitting.queue.voteHere().has_value());
        QCOMPARE(sitting.queue.selfCheck().repeats, 0);
    }

    void anotherDatasetIsAnotherSitting()
    {
        Sitting sitting;
        QVERIFY(sitting.start());
        sitting.voteWell();
        sitting.queue.start(sitting.session.get(), QueueKind::Unlabelled);
        QCOMPARE(sitting.queue.decisions().size(), std::size_t{1});
        sitting.queue.start(nullptr, QueueKind::All);
        QVERIFY(sitting.queue.decisions().empty());
        QVERIFY(!sitting.queue.row().has_value());
    }
};

QTEST_GUILESS_MAIN(AnnotationQueueTest)
#include "annotation_queue_test.moc"
