// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at random moments: every step that was printed, and every checkpoint that was announced, can be read.
// ctest-label: slow
#include "support/cli_data.h"
#include "support/cli_process.h"
#include "support/files.h"

#include <QtTest>

#include <algorithm>
#include <map>
#include <random>

using namespace preflab;

namespace {

constexpr int kKills = 10;
constexpr int kLongestMilliseconds = 1500;

std::string eventOf(const Json& object)
{
    return object.is_object() ? object.value("event", std::string()) : "";
}

/// Metrics by step, as printed.
std::map<std::int64_t, Json> stepsIn(const std::vector<Json>& objects)
{
    std::map<std::int64_t, Json> steps;
    for (const Json& object : objects)
        if (eventOf(object) == "step") steps[object["step"].get<std::int64_t>()] = object["metrics"];
    return steps;
}

/// The folder's name of the run that printed this; what it says before it starts comes first.
QString runIn(const std::vector<Json>& printed)
{
    const auto order =
        std::find_if(printed.begin(), printed.end(), [](const Json& object) { return eventOf(object) == "run"; });
    return order == printed.end() ? QString() : QString::fromStdString((*order)["run"].get<std::string>());
}

}  // namespace

class KilledRunTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    std::filesystem::path m_data = test::writeFile(m_folder / "pairs.jsonl", test::pairLines(32));
    QString m_project = test::textOf(m_folder / "project");

    /// What `runs show` has of a run.
    std::vector<Json> storedOf(const QString& run) const
    {
        return test::runCli({"runs", "show", run, "--project", m_project, "--json"}).objects;
    }

private slots:
    void initTestCase()
    {
        if (test::storiesModel().empty()) QSKIP("The reference model is not beside the project.");
    }

    void whatWasPrintedIsStored()
    {
        std::mt19937 generator(20261125);
        int seenSteps = 0;
        for (int kill = 0; kill < kKills; ++kill) {
            test::CliProcess process;
            process.start({"train", "--method", "orpo", "--model", test::textOf(test::storiesModel()), "--data",
                           test::textOf(m_data), "--project", m_project, "--max-steps", "100000", "--batch-size", "2",
                           "--save-every", "5", "--json"});
            QVERIFY(process.waitForLine("\"event\":\"run\""));
            // Half of them are killed once they train, however long the start takes; the others wherever it hits them.
            if (kill % 2 == 1) QVERIFY(process.waitForLine("\"event\":\"step\""));
            QTest::qWait(int(generator() % kLongestMilliseconds));
            process.signal(SIGKILL);
            QVERIFY(process.waitForEnd());

            // The last line may be cut in two by the kill.
            std::vector<Json> printed = process.objects();
            if (!printed.empty() && printed.back().is_null()) printed.pop_back();
            const std::vector<Json> stored = storedOf(runIn(printed));
            QVERIFY(!stored.empty());
            QCOMPARE(stored.front()["outcome"].get<std::string>(), std::string("interrupted"));
            const auto storedSteps = stepsIn(stored);
            for (const auto& [step, metrics] : stepsIn(printed)) {
                QVERIFY2(storedSteps.contains(step), qPrintable(QString::number(step)));
                QCOMPARE(storedSteps.at(step), metrics);
                ++seenSteps;
            }
            checkCheckpoints(printed);
        }
        QVERIFY2(seenSteps > 0, "no run was killed after its first step");
    }

private:
    void checkCheckpoints(const std::vector<Json>& printed) const
    {
        for (const Json& object : printed) {
            if (eventOf(object) != "checkpoint") continue;
            const QString folder =
                m_project + "/runs/" + runIn(printed) + "/" + QString::fromStdString(object["text"].get<std::string>());
            QCOMPARE(test::runCli({"inspect", folder}).code, 0);
        }
    }
};

QTEST_GUILESS_MAIN(KilledRunTest)
#include "killed_run_test.moc"
