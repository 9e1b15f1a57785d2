// SPDX-License-Identifier: GPL-3.0-or-later
// Steering a run from other threads.
#include "core/runs/run_control.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

using namespace preflab;

class RunControlTest : public QObject {
    Q_OBJECT

private slots:
    void twoLevelsOfStopping()
    {
        RunControl saving;
        int asked = 0;
        saving.setOnStop([&asked] { ++asked; });
        saving.stopAndSave();
        QVERIFY(saving.isStopRequested());
        QVERIFY(!saving.isCancelRequested());
        saving.cancel();
        QVERIFY(saving.isCancelRequested());
        QCOMPARE(asked, 2);
    }

    void savesBetweenStepsAndWhilePaused()
    {
        RunControl control;
        std::atomic<int> saved = 0;
        QVERIFY(control.saveNow());  // nothing to save yet
        control.betweenSteps();
        control.setSaver([&saved] { ++saved; });
        QVERIFY(control.saveNow());
        QCOMPARE(saved, 0);
        control.betweenSteps();
        QCOMPARE(saved, 1);
        control.pause();
        std::thread run([&] { control.betweenSteps(); });
        QVERIFY(control.saveNow());
        QTRY_COMPARE(saved, 2);
        QVERIFY(control.isPaused());
        control.resume();
        run.join();
        control.setSaver({});
        QVERIFY(control.saveNow());
        control.drainRequests();
        QCOMPARE(saved, 2);
        QVERIFY(!control.saveNow());
    }

    void freeRunningTakesNoTime()
    {
        RunControl control;
        QCOMPARE(control.betweenSteps(), 0.0);
    }

    void pausesUntilResumed()
    {
        RunControl control;
        control.pause();
        QVERIFY(control.isPaused());
        std::atomic<bool> isServed = false;
        std::atomic<bool> isOut = false;
        double seconds = 0.0;
        std::thread run([&] {
            seconds = control.betweenSteps();
            isOut = true;
        });
        // A request is served in the pause, and does not end it.
        QVERIFY(control.post([&isServed] { isServed = true; }));
        QTRY_VERIFY(isServed);
        QVERIFY(!isOut);
        control.resume();
        run.join();
        QVERIFY(isOut);
        QVERIFY(seconds > 0.0);
    }

    void aStopEndsThePause()
    {
        for (const bool isSaving : {true, false}) {
            RunControl control;
            control.pause();
            std::thread run([&control] { (void)control.betweenSteps(); });
            if (isSaving)
                control.stopAndSave();
            else
                control.cancel();
            run.join();  // hangs if the stop is not heard
            QVERIFY(control.isStopRequested());
        }
    }

    void waitsForAWishOrSoLong()
    {
        using namespace std::chrono_literals;
        const std::vector<std::function<void(RunControl&)>> wishes{
            [](RunControl& control) { control.resume(); }, [](RunControl& control) { control.saveNow(); },
            [](RunControl& control) { control.stopAndSave(); }, [](RunControl& control) { control.cancel(); }};
        for (const auto& wish : wishes) {
            RunControl control;
            std::atomic<bool> isWaiting = false;
            double seconds = 0.0;
            std::thread run([&] {
                isWaiting = true;
                seconds = control.waitForWish(1h);
            });
            QTRY_VERIFY(isWaiting);
            std::this_thread::sleep_for(20ms);
            wish(control);
            run.join();  // hangs if the wish is not heard
            QVERIFY(seconds < 60.0);
        }
        // An earlier stop is no wish any more: waiting goes on until the time is over.
        RunControl control;
        control.stopAndSave();
        QVERIFY(control.waitForWish(30ms) >= 0.03);
        bool isServed = false;
        control.post([&isServed] { isServed = true; });
        QVERIFY(control.waitForWish(1h) < 60.0);
        QVERIFY(isServed);
        control.cancel();
        QVERIFY(control.waitForWish(1h) < 60.0);
    }

    void requestsAreServedInOrderOnTheRunsThread()
    {
        RunControl control;
        std::vector<int> order;
        std::thread::id server;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(control.post([&order, &server, i] {
                order.push_back(i);
                server = std::this_thread::get_id();
            }));
        }
        std::thread::id expected;
        std::thread run([&] {
            expected = std::this_thread::get_id();
            (void)control.betweenSteps();
        });
        run.join();
        QVERIFY((order == std::vector<int>{0, 1, 2, 3, 4}));
        QVERIFY(server == expected);
    }

    void theLastRequestsAreServedAndLaterOnesRefused()
    {
        RunControl control;
        int served = 0;
        QVERIFY(control.post([&served] { ++served; }));
        control.drainRequests();
        QCOMPARE(served, 1);
        QVERIFY(!control.post([&served] { ++served; }));
        control.drainRequests();
        QCOMPARE(served, 1);
    }
};

QTEST_GUILESS_MAIN(RunControlTest)
#include "run_control_test.moc"
