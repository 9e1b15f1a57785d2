// SPDX-License-Identifier: GPL-3.0-or-later
// Learning rate schedules against the executed numbers of trl-spec section 3.
#include "core/plan/schedule.h"
#include "core/runs/run_spec.h"
#include "support/results.h"

#include <QTest>

#include <cmath>
#include <string>

using namespace preflab;
using preflab::test::codeOf;

class ScheduleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void schedules_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<double>("warmup");
        QTest::addColumn<QList<double>>("factors");
        QTest::newRow("linear, 2") << "linear" << 2.0 << QList<double>{0, .5, 1, .875, .75, .625, .5, .375, .25, .125};
        QTest::newRow("cosine, 2") << "cosine" << 2.0
                                   << QList<double>{0, .5, 1, .96194, .853553, .691342, .5, .308658, .146447, .03806};
        QTest::newRow("linear, 0") << "linear" << 0.0 << QList<double>{1, .9, .8, .7, .6, .5, .4, .3, .2, .1};
        QTest::newRow("linear, share") << "linear" << 0.11
                                       << QList<double>{0, .5, 1, .875, .75, .625, .5, .375, .25, .125};
        QTest::newRow("constant_with_warmup, 2")
            << "constant_with_warmup" << 2.0 << QList<double>{0, .5, 1, 1, 1, 1, 1, 1, 1, 1};
        // transformers gives get_constant_schedule no warm-up, whatever warmup_steps says.
        QTest::newRow("constant, 2") << "constant" << 2.0 << QList<double>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        QTest::newRow("constant, share") << "constant" << 0.5 << QList<double>{1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    }
    void schedules()
    {
        QFETCH(QString, id);
        QFETCH(double, warmup);
        QFETCH(QList<double>, factors);
        const Schedule schedule = Schedule::make(**findSchedule(id.toStdString()), 10, warmup);
        for (int step = 1; step <= 10; ++step) QVERIFY(std::abs(schedule.factor(step) - factors[step - 1]) < 1e-5);
    }

    void warmupOfTheWholeRunDividesByNothing()
    {
        const Schedule schedule = Schedule::make(**findSchedule("cosine"), 3, 3);
        QVERIFY(std::isfinite(schedule.factor(3)) && std::isfinite(schedule.factor(4)));
    }

    void everyChoiceIsASchedule()
    {
        const auto& choices = findParam(trainingParams(), "lr_scheduler_type")->choices;
        for (const std::string& id : choices) QVERIFY2(findSchedule(id), id.c_str());
        QCOMPARE(preflab::schedules().size(), choices.size());
    }

    void unknownScheduleIsNamed() { QCOMPARE(codeOf(findSchedule("polynomial")), "parameter-out-of-range"); }
};

QTEST_GUILESS_MAIN(ScheduleTest)
#include "schedule_test.moc"
