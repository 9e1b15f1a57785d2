// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a run's folders is the model to ask.
#include "core/runs/trained_model.h"
#include "support/files.h"

#include <QTest>

using namespace preflab;

class TrainedModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingBeforeTheFirstCheckpoint()
    {
        const test::ScratchFolder scratch;
        QVERIFY(!trainedModelOf(scratch / "no such run"));
        test::writeFile(scratch / "run" / "log.txt", "");
        std::filesystem::create_directory(scratch / "run" / "checkpoint-20.tmp");
        QVERIFY(!trainedModelOf(scratch / "run"));
    }

    void theLatestCheckpointByNumber()
    {
        const test::ScratchFolder scratch;
        for (const char* name : {"checkpoint-9", "checkpoint-100", "checkpoint-20", "checkpoint-200.tmp"})
            std::filesystem::create_directories(scratch / "run" / name);
        const auto found = trainedModelOf(scratch / "run");
        QVERIFY(found.has_value());
        QCOMPARE(found->step.value(), std::int64_t{100});
        QVERIFY(found->folder == scratch / "run" / "checkpoint-100");
    }

    void theFinalModelBeforeAnyCheckpoint()
    {
        const test::ScratchFolder scratch;
        std::filesystem::create_directories(scratch / "run" / "checkpoint-9");
        test::writeFile(scratch / "run" / "model" / "config.json", "{}");
        const auto found = trainedModelOf(scratch / "run");
        QVERIFY(found.has_value());
        QVERIFY(!found->step);
        QVERIFY(found->folder == scratch / "run" / "model");
    }
};

QTEST_APPLESS_MAIN(TrainedModelTest)
#include "trained_model_test.moc"
