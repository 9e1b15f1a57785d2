// SPDX-License-Identifier: GPL-3.0-or-later
// What was open in a project comes back, also after the folder has moved; damage is a sentence.
#include "core/project/project_state.h"
#include "tests/support/files.h"

#include <QtTest>

using namespace preflab;
using namespace preflab::test;

class ProjectStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewProjectHasNone()
    {
        const ScratchFolder folder;
        const auto project = Project::open(folder.path() / "p").value();
        const auto state = readProjectState(*project);
        QVERIFY(state);
        QVERIFY(!state->model && !state->data && state->datasets.empty());
    }

    void comesBackAfterAMove()
    {
        const ScratchFolder folder;
        {
            const auto project = Project::open(folder.path() / "before").value();
            ProjectState state;
            state.model = folder.path() / "model";
            state.data = project->folder() / "pairs.jsonl";
            state.datasets = {*state.data, folder.path() / "other.csv"};
            state.pairs = 12;
            state.draft["beta"] = 0.2;
            state.guidelines = "Ignore length.\nBe „fair“.";
            QVERIFY(writeProjectState(*project, state));
        }
        std::filesystem::rename(folder.path() / "before", folder.path() / "after");
        const auto project = Project::open(folder.path() / "after").value();
        const auto state = readProjectState(*project);
        QVERIFY(state);
        QCOMPARE(state->model->string(), (folder.path() / "model").string());
        QCOMPARE(state->data->string(), (project->folder() / "pairs.jsonl").string());
        QCOMPARE(state->datasets.size(), std::size_t(2));
        QCOMPARE(state->pairs, std::uint64_t(12));
        QCOMPARE(state->draft.at("beta").get<double>(), 0.2);
        QCOMPARE(state->guidelines, std::string("Ignore length.\nBe „fair“."));
    }

    void damageIsASentence()
    {
        const ScratchFolder folder;
        const auto project = Project::open(folder.path() / "p").value();
        writeFile(project->folder() / "state.json", R"({"model": 3})");
        const auto state = readProjectState(*project);
        QVERIFY(!state);
        QVERIFY(sentence(state.error()).find("state.json") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(ProjectStateTest)
#include "project_state_test.moc"
