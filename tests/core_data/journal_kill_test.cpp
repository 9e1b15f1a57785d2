// SPDX-License-Identifier: GPL-3.0-or-later
// Killing the process at any moment loses no change that was acknowledged.
#include "core/data/journal/journal.h"
#include "support/child_process.h"
#include "support/files.h"
#include "support/made_up_dataset.h"
#include "support/results.h"

#include <QtTest>

#include <cstdio>
#include <random>

using namespace preflab;
using test::problemOf;

namespace {

constexpr int kKills = 50;
constexpr const char* kSource = "0123456789abcdef";
constexpr std::uint32_t kRows = 20'000;

/// Child: goes on where the journal ends, and says each change once it is acknowledged.
int makeChanges(const std::filesystem::path& folder)
{
    auto project = Project::open(folder);
    if (!project) return 1;
    auto journal = Journal::open(std::shared_ptr<Project>(*std::move(project)), test::madeUpDataset(kSource, kRows));
    if (!journal) return 1;
    const auto begin = static_cast<std::uint32_t>((*journal)->view().position);
    for (std::uint32_t row = begin; row < kRows; ++row) {
        const auto record = (*journal)->apply(JournalAction::Note, {row}, [row](std::uint32_t, RowState& state) {
            state.note = "note " + std::to_string(row);
        });
        if (!record) return 1;
        std::printf("%u\n", row);
        std::fflush(stdout);
    }
    return 1;
}

}  // namespace

class JournalKillTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyAcknowledgedChangeSurvives()
    {
        const test::ScratchFolder folder;
        std::mt19937 random(5);
        std::vector<std::uint32_t> acknowledged;
        for (int round = 0; round < kKills; ++round) {
            test::ChildProcess child("make-changes", {(folder / "p").string()});
            QVERIFY(child.isStarted());
            std::string text;
            for (auto lines = random() % 20; lines > 0; --lines) text += child.readLine() + "\n";
            QThread::usleep(random() % 5'000);
            child.kill();
            QVERIFY(child.wasKilled());
            text += child.readRest();
            for (const QString& line :
                 QString::fromStdString(text.substr(0, text.rfind('\n') + 1)).split(u'\n', Qt::SkipEmptyParts))
                acknowledged.push_back(line.toUInt());
            auto project = Project::open(folder / "p");
            QCOMPARE(problemOf(project), QString());
            const auto view = Journal::read(**project, test::madeUpDataset(kSource, kRows));
            QCOMPARE(problemOf(view), QString());
            for (const std::uint32_t row : acknowledged) {
                const RowState* state = view->states.find(row);
                QVERIFY2(state != nullptr && state->note == "note " + std::to_string(row), std::to_string(row).c_str());
            }
        }
        qInfo("%d kills, %zu acknowledged changes, none lost", kKills, acknowledged.size());
        QVERIFY(acknowledged.size() > 100);
    }
};

int main(int argc, char** argv)
{
    if (const auto task = test::childTask(argc, argv); !task.empty()) return makeChanges(argv[3]);
    QCoreApplication application(argc, argv);
    JournalKillTest killTest;
    return QTest::qExec(&killTest, argc, argv);
}

#include "journal_kill_test.moc"
