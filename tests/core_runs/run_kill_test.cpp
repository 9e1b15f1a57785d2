// SPDX-License-Identifier: GPL-3.0-or-later
// Killing the process at any moment loses no step that was shown and leaves no half-written checkpoint.
#include "core/runs/interrupted_runs.h"
#include "core/runs/run_queue.h"
#include "support/child_process.h"
#include "support/fake_backend.h"
#include "support/results.h"
#include "support/run_project.h"

#include <QtTest>

#include <cstdio>
#include <random>

using namespace preflab;
using namespace std::chrono_literals;
using test::problemOf;

namespace fs = std::filesystem;

namespace {

constexpr int kKills = 50;
constexpr std::size_t kCheckpointBytes = 40'000;

/// Child: runs for ever and shows each step as everybody does, through a reader of the log.
int showSteps(const fs::path& folder)
{
    test::FakeScript script;
    script.stepTime = 100us;
    script.saveEvery = 5;
    script.checkpointBytes = kCheckpointBytes;
    test::FakeBackend backend(script);
    const auto project = Project::open(folder);
    if (!project) return 1;
    RunQueue queue(backend, **project);
    const auto run = queue.start(test::fakeSpec("killed", 1'000'000'000));
    if (!run) return 1;
    std::printf("run %s\n", (*run)->id().c_str());
    std::fflush(stdout);
    RunCursor cursor;
    while (!(*run)->isOver()) {
        const RunNews news = (*run)->log().waitForNews(cursor, 100ms);
        for (const MetricRow& row : news.metrics) std::printf("step %lld\n", static_cast<long long>(row.step));
        for (const RunEvent& event : news.events) {
            if (event.kind == RunEvent::Kind::Checkpoint) std::printf("saved %s\n", event.text.c_str());
        }
        std::fflush(stdout);
    }
    return 1;
}

/// What a killed child had shown.
struct Shown {
    std::string run;
    std::vector<std::int64_t> steps;
    std::vector<std::string> checkpoints;
};

Shown readShown(const std::string& text)
{
    Shown shown;
    std::size_t begin = 0;
    // Only whole lines: the last one may have been cut by the kill.
    for (std::size_t end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
        const std::string line = text.substr(begin, end - begin);
        const std::string value = line.substr(line.find(' ') + 1);
        if (line.starts_with("run ")) shown.run = value;
        if (line.starts_with("saved ")) shown.checkpoints.push_back(value);
        if (line.starts_with("step ")) shown.steps.push_back(std::stoll(value));
    }
    return shown;
}

bool isWholeCheckpoint(const fs::path& folder)
{
    return test::readFile(folder / "payload").size() == kCheckpointBytes &&
           test::readFile(folder / "size") == std::to_string(kCheckpointBytes);
}

/// Empty when everything that was shown is there; otherwise what is not.
std::string lossOf(const Shown& shown, RunStore& store, const fs::path& runFolder)
{
    const auto record = store.find(shown.run);
    if (!record) return sentence(record.error());
    if (record->outcome != "interrupted") return shown.run + " is " + record->outcome;
    const auto log = store.load(shown.run);
    if (!log) return sentence(log.error());
    const auto losses = (*log)->series("loss");
    for (std::size_t i = 0; i < losses.size(); ++i) {
        if (losses[i].first != static_cast<std::int64_t>(i) + 1) return "a gap before step " + std::to_string(i + 1);
    }
    if (losses.size() < shown.steps.size()) return "steps are missing";
    if (record->steps != static_cast<std::int64_t>(losses.size())) return "the count of steps differs";
    for (const std::string& name : shown.checkpoints) {
        if (!fs::exists(runFolder / name)) return name + " is missing";
    }
    for (const auto& entry : fs::directory_iterator(runFolder)) {
        if (!isWholeCheckpoint(entry.path())) return entry.path().filename().string() + " is not whole";
    }
    return {};
}

}  // namespace

class RunKillTest : public QObject {
    Q_OBJECT

private slots:
    void everyShownStepSurvives()
    {
        const test::ScratchFolder folder;
        std::mt19937 random(3);
        std::vector<Shown> kills;
        std::size_t steps = 0;
        std::size_t checkpoints = 0;
        for (int round = 0; round < kKills; ++round) {
            std::string text;
            {
                test::ChildProcess child("show-steps", {(folder / "p").string()});
                QVERIFY(child.isStarted());
                // A part of the kills comes while it starts, the others some steps later, wherever it is then.
                const bool isEarly = round % 5 == 0;
                for (auto lines = isEarly ? 0 : 1 + random() % 40; lines > 0; --lines) text += child.readLine() + "\n";
                QThread::usleep(random() % (isEarly ? 100'000 : 3'000));
                child.kill();
                QVERIFY(child.wasKilled());
                text += child.readRest();
            }
            const Shown shown = readShown(text);
            const auto project = openProjectToRun(folder / "p");
            QCOMPARE(problemOf(project), QString());
            RunStore store(**project);
            QCOMPARE(problemOf(store.list()), QString());
            if (shown.run.empty()) continue;
            const auto loss = lossOf(shown, store, (*project)->runFolder(shown.run));
            QVERIFY2(loss.empty(), loss.c_str());
            steps += shown.steps.size();
            checkpoints += shown.checkpoints.size();
            kills.push_back(shown);
        }
        // And all of them are still there at the end.
        const auto project = openProjectToRun(folder / "p");
        QCOMPARE(problemOf(project), QString());
        RunStore store(**project);
        for (const Shown& shown : kills) {
            const auto loss = lossOf(shown, store, (*project)->runFolder(shown.run));
            QVERIFY2(loss.empty(), loss.c_str());
        }
        qInfo("%zu runs killed after %zu shown steps and %zu shown checkpoints", kills.size(), steps, checkpoints);
        QVERIFY(kills.size() >= kKills * 4 / 5);
        QVERIFY(steps > 100);
        QVERIFY(checkpoints > 10);
    }
};

int main(int argc, char** argv)
{
    if (const auto task = test::childTask(argc, argv); !task.empty()) return showSteps(argv[3]);
    QCoreApplication application(argc, argv);
    RunKillTest killTest;
    return QTest::qExec(&killTest, argc, argv);
}

#include "run_kill_test.moc"
