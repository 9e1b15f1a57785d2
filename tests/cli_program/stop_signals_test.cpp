// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+C saves, twice aborts; SIGTERM saves; a closed pipe does not end a run.
#include "support/cli_data.h"
#include "support/cli_process.h"
#include "support/files.h"

#include <QtTest>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace preflab;

namespace {

constexpr int kInterrupted = 130;
constexpr int kTerminated = 143;

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

/// The event of that name, or null.
Json outcomeIn(const test::CliProcess& process)
{
    for (const Json& object : process.objects())
        if (object.value("event", std::string()) == "outcome") return object;
    return {};
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
        QCOMPARE(process.code(), number == SIGTERM ? kTerminated : kInterrupted);
        QVERIFY2(test::isOneSentence(process.error()), process.error().constData());

        const Json outcome = outcomeIn(process);
        QCOMPARE(outcome["outcome"].get<std::string>(), std::string("cancelled"));
        const std::string checkpoint = outcome["checkpoint"].get<std::string>();
        // What was saved is a model like any other.
        QCOMPARE(test::runCli({"inspect", QString::fromStdString(checkpoint)}).code, 0);
        QCOMPARE(lastOutcome(), std::string("cancelled"));
    }

    void twoSignalsAbort_data() { oneSignalStopsAndSaves_data(); }
    void twoSignalsAbort()
    {
        QFETCH(int, number);
        test::CliProcess process;
        process.start(trainForLong({"--save-every", "1"}));
        QVERIFY(process.waitForLine("\"step\":2,"));
        process.signal(number);
        process.signal(number);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), number == SIGTERM ? kTerminated : kInterrupted);
        QCOMPARE(lastOutcome(), std::string("cancelled"));
    }

    // Where the first Ctrl+C cannot save, the run says so, and how to end it, and keeps its weights until the second.
    void aStopThatCannotSaveWaits_data() { oneSignalStopsAndSaves_data(); }
    void aStopThatCannotSaveWaits()
    {
        QFETCH(int, number);
        test::CliProcess process;
        QStringList words = trainForLong();
        const std::filesystem::path project = m_folder / ("blocked by " + std::to_string(number));
        words[words.indexOf(test::textOf(m_project))] = test::textOf(project);
        process.start(words);
        QVERIFY(process.waitForLine("\"step\":3,"));
        const auto runFolder = std::filesystem::directory_iterator(project / "runs")->path();
        std::filesystem::rename(runFolder, project / "aside");
        test::writeFile(runFolder, "in the way");
        process.signal(number);
        QVERIFY(process.waitForLine("Ctrl+C or SIGTERM, twice"));
        process.signal(number);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), number == SIGTERM ? kTerminated : kInterrupted);
        QVERIFY2(process.error().contains("could not be written"), process.error().constData());
    }

    // A project that was deleted does not come back: the run ends by itself and says so.
    void aStopInADeletedProjectEnds()
    {
        test::CliProcess process;
        QStringList words = trainForLong();
        const std::filesystem::path project = m_folder / "deleted";
        words[words.indexOf(test::textOf(m_project))] = test::textOf(project);
        process.start(words);
        QVERIFY(process.waitForLine("\"step\":3,"));
        std::filesystem::remove_all(project);
        process.signal(SIGTERM);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), 1);
        QVERIFY2(process.error().contains("was deleted or moved"), process.error().constData());
    }

    // Another project in the place of the run's own gets nothing of it, and its weights are not taken for the run's.
    void aReplacedProjectIsLeftAlone()
    {
        test::CliProcess process;
        QStringList words = trainForLong();
        const std::filesystem::path project = m_folder / "replaced";
        words[words.indexOf(test::textOf(m_project))] = test::textOf(project);
        process.start(words);
        QVERIFY(process.waitForLine("\"step\":3,"));
        const std::filesystem::path run = std::filesystem::directory_iterator(project / "runs")->path();
        const auto weights = m_folder / "other" / "runs" / run.filename() / "model" / "config.json";
        test::writeFile(weights, "another run's");
        test::writeFile(m_folder / "other" / "project.db", "another project's");
        QCOMPARE(::renameat2(AT_FDCWD, project.c_str(), AT_FDCWD, (m_folder / "other").c_str(), RENAME_EXCHANGE), 0);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), 1);
        QVERIFY2(process.error().contains("was deleted or moved"), process.error().constData());
        const Json outcome = outcomeIn(process);
        QCOMPARE(outcome["outcome"].get<std::string>(), std::string("failed"));
        QVERIFY(outcome["folder"].is_null() && outcome["checkpoint"].is_null());
        for (const auto& entry : std::filesystem::directory_iterator(run))
            QCOMPARE(entry.path().filename().string(), std::string("model"));
    }

    void aSignalEndsWaitingForInput()
    {
        test::CliProcess process;
        process.start({"generate", "--model", test::textOf(test::storiesModel())});  // reads its standard input
        QTRY_VERIFY(catchesInterrupts(process.processId()));
        process.signal(SIGINT);
        QVERIFY(process.waitForEnd());
        QCOMPARE(process.code(), kInterrupted);
        QVERIFY2(test::isOneSentence(process.error()), process.error().constData());
    }

    void aClosedPipeLeavesTheRunGoing()
    {
        // A pipe of our own: QProcess only stops reading from its.
        std::array<int, 2> ends{-1, -1};
        QCOMPARE(::pipe2(ends.data(), O_CLOEXEC), 0);
        test::CliProcess process;
        process.beforeStart = [out = ends[1]] { ::dup2(out, STDOUT_FILENO); };
        QStringList words = trainForLong();
        words[words.indexOf("100000")] = "8";
        process.start(words);
        ::close(ends[1]);
        std::string said;
        std::array<char, 256> block{};
        while (said.find("\"step\":1,") == std::string::npos) {
            const ssize_t count = ::read(ends[0], block.data(), block.size());
            QVERIFY2(count > 0, said.c_str());
            said.append(block.data(), static_cast<std::size_t>(count));
        }
        ::close(ends[0]);
        QVERIFY(process.waitForEnd());
        // The run is whole, but what was said of it is not: the end of a program whose reader went away.
        QCOMPARE(process.code(), 128 + SIGPIPE);
        QCOMPARE(process.error(), QByteArray());
        QCOMPARE(lastOutcome(), std::string("finished"));
    }
};

QTEST_GUILESS_MAIN(StopSignalsTest)
#include "stop_signals_test.moc"
