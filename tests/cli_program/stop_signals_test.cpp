// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+C saves, twice aborts; SIGTERM saves; a closed pipe does not end a run.
#include "support/cli_data.h"
#include "support/cli_process.h"
#include "support/files.h"

#include <QtTest>

#include <csignal>

using namespace preflab;

namespace {

constexpr int kStopped = 130;

/// True once the process handles SIGINT, as the kernel shows it.
bool catchesInterrupts(qint64 process)
{
    QFile file(QStringLiteral("/proc/%1/status").arg(process));
    if (!file.open(QIODevice::ReadOnly)) return false;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("SigCgt:"))
            return (line.mid(7).trimmed().toULongLong(nullptr, 16) >> (SIGINT - 1) & 1) != 0;
    return false;
}

}  // namespace

class StopSignalsTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    std::filesystem::path m_data = test::writeFile(m_folder / "pairs.jsonl", test::pairLines(32));
    std::filesystem::path m_project = m_folder / "project";

    QStringList trainForLong(const QStringList& more = {}) const
    {
        return QStringList{"train",
                           "--method",
                           "dpo",
                           "--model",
                           test::textOf(test::storiesModel()),
                           "--data",
                           test::textOf(m_data),
                           "--project",
                           test::textOf(m_project),
                           "--max-steps",
                           "100000",
                           "--batch-size",
                           "2",
                           "--json"} +
               more;
    }
    std::string lastOutcome() const
    {
        const auto runs = test::runCli({"runs", "list", "--json", "--project", test::textOf(m_project)}).objects;
        return runs.empty() ? std::string() : runs.back()["outcome"].get<std::string>();
    }

private slots:
    void initTestCase()
    {
        if (test::storiesModel().empty()) QSKIP("The reference model is not beside the project.");
    }

    void oneSignalStopsAndSaves_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void oneSignalStopsAndSaves()
    {
        QFETCH(int, number);
        test::CliProcess process;
        process.start(trainForLong());
        QVERIFY(process.waitForLine("\"step\":3,"));
        process.signal(number);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), kStopped);
        QVERIFY2(test::isOneSentence(process.error()), process.error().constData());

        const auto objects = process.objects();
        const auto outcome = std::find_if(objects.begin(), objects.end(), [](const Json& object) {
            return object.value("event", std::string()) == "outcome";
        });
        QVERIFY(outcome != objects.end());
        QCOMPARE((*outcome)["outcome"].get<std::string>(), std::string("cancelled"));
        const std::string checkpoint = (*outcome)["checkpoint"].get<std::string>();
        // What was saved is a model like any other.
        QCOMPARE(test::runCli({"inspect", QString::fromStdString(checkpoint)}).code, 0);
        QCOMPARE(lastOutcome(), std::string("cancelled"));
    }

    void twoSignalsAbort()
    {
        test::CliProcess process;
        process.start(trainForLong({"--save-every", "1"}));
        QVERIFY(process.waitForLine("\"step\":2,"));
        process.signal(SIGINT);
        process.signal(SIGINT);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), kStopped);
        QCOMPARE(lastOutcome(), std::string("cancelled"));
    }

    // Where the first Ctrl+C cannot save, the run says so and keeps its weights until the second one.
    void aStopThatCannotSaveWaits()
    {
        test::CliProcess process;
        QStringList words = trainForLong();
        const std::filesystem::path project = m_folder / "blocked";
        words[words.indexOf(test::textOf(m_project))] = test::textOf(project);
        process.start(words);
        QVERIFY(process.waitForLine("\"step\":3,"));
        const auto runFolder = std::filesystem::directory_iterator(project / "runs")->path();
        std::filesystem::rename(runFolder, m_folder / "aside");
        test::writeFile(runFolder, "in the way");
        process.signal(SIGINT);
        QVERIFY(process.waitForLine("waits with its weights"));
        process.signal(SIGINT);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), 1);
        QVERIFY2(process.error().contains("could not be written"), process.error().constData());
    }

    void aSignalEndsWaitingForInput()
    {
        test::CliProcess process;
        process.start({"generate", "--model", test::textOf(test::storiesModel())});  // reads its standard input
        QTRY_VERIFY(catchesInterrupts(process.processId()));
        process.signal(SIGINT);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), kStopped);
        QVERIFY2(test::isOneSentence(process.error()), process.error().constData());
    }

    void aClosedPipeLeavesTheRunGoing()
    {
        test::CliProcess process;
        QStringList words = trainForLong();
        words[words.indexOf("100000")] = "40";
        process.start(words);
        QVERIFY(process.waitForLine("\"step\":1,"));
        process.closeOutput();
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), 0);
        QCOMPARE(lastOutcome(), std::string("finished"));
    }
};

QTEST_GUILESS_MAIN(StopSignalsTest)
#include "stop_signals_test.moc"
