// SPDX-License-Identifier: GPL-3.0-or-later
// The run log: every reader gets everything once, in order, and only what is committed.
#include "core/runs/run_log.h"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace preflab;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kRows = 100'000;

MetricRow rowOf(std::int64_t step)
{
    return {step, static_cast<double>(step) / 2, {{0, static_cast<double>(step)}, {1, -1.0}}};
}

/// Follows until it has `kRows`; how many of them were not the next one expected.
int faultsOfReader(const RunLog& log)
{
    RunCursor cursor;
    std::int64_t next = 0;
    int faults = 0;
    while (next < kRows) {
        for (const MetricRow& row : log.waitForNews(cursor, 10s).metrics) {
            const bool isExpected =
                row.step == next && row.values.size() == 2 && row.values[0].value == static_cast<double>(next);
            faults += isExpected ? 0 : 1;
            ++next;
        }
    }
    return faults;
}

}  // namespace

class RunLogTest : public QObject {
    Q_OBJECT

private slots:
    void readersSeeOnlyWhatIsCommitted()
    {
        RunLog log;
        int appends = 0;
        log.setOnAppend([&appends] { ++appends; });
        log.append(rowOf(0));
        log.append(rowOf(1));
        log.append(RunEvent{RunEvent::Kind::Note, "now", 1, "text", {}});
        QCOMPARE(appends, 3);
        RunCursor reader;
        QVERIFY(log.news(reader).metrics.empty());
        QVERIFY(log.series("loss").empty());

        RunCursor storage;
        QCOMPARE(log.uncommitted(storage).metrics.size(), std::size_t{2});
        QVERIFY(log.uncommitted(storage).metrics.empty());
        log.markCommitted({1, 0});
        QCOMPARE(log.news(reader).metrics.size(), std::size_t{1});
        log.markCommitted(storage);
        const RunNews news = log.news(reader);
        QCOMPARE(news.metrics.size(), std::size_t{1});
        QCOMPARE(news.metrics[0].step, 1);
        QCOMPARE(news.events.size(), std::size_t{1});
        QVERIFY(log.news(reader).metrics.empty());
        log.markCommitted({1, 0});  // never backwards
        QCOMPARE(log.committed().metrics, std::size_t{2});
        log.setOnAppend({});
        log.append(rowOf(2));
        QCOMPARE(appends, 3);
    }

    void namesAndSeries()
    {
        RunLog log;
        log.setAutoCommit();
        QCOMPARE(log.nameOf("loss"), std::uint16_t{0});
        QCOMPARE(log.nameOf("rewards/margins"), std::uint16_t{1});
        QCOMPARE(log.nameOf("loss"), std::uint16_t{0});
        log.append({1, 0.0, {{0, 0.7}}});
        log.append({2, 0.0, {{0, 0.6}, {1, 0.1}}});
        log.append({3, 0.0, {{1, 0.2}}});
        using Points = std::vector<std::pair<std::int64_t, double>>;
        QVERIFY((log.series("loss") == Points{{1, 0.7}, {2, 0.6}}));
        QVERIFY((log.series("rewards/margins") == Points{{2, 0.1}, {3, 0.2}}));
        QVERIFY(log.series("unknown").empty());
        QCOMPARE(log.metricNames().size(), std::size_t{2});
    }

    void waitingEndsWithNewsOrTheTimeout()
    {
        RunLog log;
        RunCursor cursor;
        QVERIFY(log.waitForNews(cursor, 1ms).metrics.empty());
        log.setAutoCommit();
        std::thread writer([&log] { log.append(rowOf(0)); });
        QCOMPARE(log.waitForNews(cursor, 60s).metrics.size(), std::size_t{1});
        writer.join();
    }

    void nothingIsDroppedForAnyReader()
    {
        RunLog log;
        (void)log.nameOf("a");
        (void)log.nameOf("b");
        std::atomic<bool> isWritten = false;
        std::atomic<int> faults = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) threads.emplace_back([&] { faults += faultsOfReader(log); });
        threads.emplace_back([&] {  // stands for the storage: commits in pieces
            RunCursor cursor;
            bool isLast = false;
            while (!isLast) {
                isLast = isWritten;
                if (log.uncommitted(cursor).metrics.empty()) std::this_thread::yield();
                log.markCommitted(cursor);
            }
        });
        for (std::int64_t step = 0; step < kRows; ++step) log.append(rowOf(step));
        isWritten = true;
        for (auto& thread : threads) thread.join();
        QCOMPARE(faults.load(), 0);
        QCOMPARE(log.series("a").size(), static_cast<std::size_t>(kRows));
    }

    void kindsHaveIdsAndBack()
    {
        using Kind = RunEvent::Kind;
        for (const Kind kind : {Kind::Phase, Kind::Warning, Kind::Note, Kind::Checkpoint, Kind::Sample, Kind::End}) {
            QVERIFY(runEventKind(runEventKindId(kind)) == kind);
        }
        QVERIFY(!runEventKind("nonsense"));
        QVERIFY(outcomeId(Finished{}) == "finished");
        QVERIFY(outcomeId(Cancelled{}) == "cancelled");
        QVERIFY(outcomeId(Failed{}) == "failed");
    }
};

QTEST_GUILESS_MAIN(RunLogTest)
#include "run_log_test.moc"
