// SPDX-License-Identifier: GPL-3.0-or-later
// What users call things: runs by name and number, files by any bytes, and what is said when that does not work.
#include "core/project/project.h"
#include "core/runs/run_store.h"
#include "support/cli_call.h"
#include "support/cli_data.h"
#include "support/files.h"

#include <QtTest>

#include <algorithm>

using namespace preflab;
using test::call;
using test::contains;
using test::Output;

class CliNamesTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    std::string m_data = test::writeFile(m_folder / "pairs.jsonl", test::pairLines(12)).string();
    std::string m_project = (m_folder / "project").string();

    Output train(const std::vector<std::string>& more)
    {
        std::vector<std::string> words{"train", "--method",  "dpo",     "--model",     "m", "--data",
                                       m_data,  "--project", m_project, "--max-steps", "3"};
        words.insert(words.end(), more.begin(), more.end());
        return call(words);
    }

private slots:
    void cleanup() { std::filesystem::remove_all(m_project); }

    void aNumberIsRefusedAsNameBeforeAnythingIsMade()
    {
        for (const char* name : {"1", "0001"}) {
            const Output output = train({"--name", name});
            QCOMPARE(output.code, 2);
            QVERIFY2(contains(output.err, std::string("--name is ") + name + ", but must be more than a number"),
                     output.err.c_str());
        }
        QVERIFY(!std::filesystem::exists(m_project));
    }

    void aRefusedSettingIsCalledAsItWasTyped()
    {
        const Output output = train({"--max-length", "1"});
        QCOMPARE(output.code, 2);
        QVERIFY2(contains(output.err, "--max-length is 1, but must be 0"), output.err.c_str());
    }

    void runsOfOneNameAreListed()
    {
        for (int i = 0; i < 2; ++i) QCOMPARE(train({"--name", "same"}).code, 0);
        const Output show = call({"runs", "show", "same", "--project", m_project});
        QCOMPARE(show.code, 2);
        QVERIFY2(contains(show.err, "1 (0001-dpo-same, started 20") &&
                     contains(show.err, ", 2 (0002-dpo-same, started 20"),
                 show.err.c_str());
        QCOMPARE(call({"runs", "show", "2", "--project", m_project}).code, 0);
    }

    void emptyWordsAreVisible()
    {
        QVERIFY(contains(call({""}).err, "There is no command \"\"") ||
                contains(call({""}).err, "there is no command \"\""));
        QCOMPARE(train({}).code, 0);
        const Output none = call({"runs", "show", "", "--project", m_project});
        QVERIFY2(contains(none.err, "has no run \"\";"), none.err.c_str());
        for (const std::vector<std::string>& words : {std::vector<std::string>{"runs", "list", "--project", ""},
                                                      {"report", "1", "--output", ""},
                                                      {"inspect", ""}}) {
            const Output empty = call(words);
            QCOMPARE(empty.code, 2);
            QVERIFY2(contains(empty.err, " is given as an empty text, not as a path"), empty.err.c_str());
        }
    }

    // What --json says of a path opens it again, whatever bytes its name has.
    void pathsOfAnyBytesCanBeGivenAgain()
    {
        const std::string odd = m_folder.path().string() + "/odd \xff name";
        const std::string data = test::writeFile(odd + "/p\xe4rchen.jsonl", test::pairLines(12)).string();
        const Output run = call({"train", "--method", "dpo", "--model", "m", "--data", data, "--project",
                                 odd + "/project", "--max-steps", "2", "--json"});
        QVERIFY2(run.code == 0, run.err.c_str());
        const auto objects = run.objects();
        const auto named = std::find_if(objects.begin(), objects.end(), [](const Json& object) {
            return object.value("event", std::string()) == "run";
        });
        QVERIFY(named != objects.end());
        const auto project = (*named)["project"].get<std::string>();
        const auto again = (*named)["spec"]["data"].get<std::string>();
        QVERIFY2(project.starts_with("./%:"), project.c_str());
        QCOMPARE(call({"runs", "show", "1", "--project", project}).code, 0);
        const Output inspected = call({"inspect", again, "--json"});
        QVERIFY2(inspected.code == 0, inspected.err.c_str());
        QCOMPARE(inspected.objects().front()["path"].get<std::string>(), again);
        // Also in an error's arguments.
        const Output missing = call({"inspect", odd + "/none.jsonl", "--json"});
        const auto path = missing.objects().front()["error"]["arguments"]["path"].get<std::string>();
        QVERIFY2(path.starts_with("./%:") && path.ends_with("/none.jsonl"), path.c_str());
    }

    void answersAreShownAfterTraining()
    {
        test::FakeScript script;
        script.curves = test::FakeCurves::Plausible;
        const Output output = call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project",
                                    m_project, "--max-steps", "3", "--sample-prompt", "Once upon"},
                                   script);
        for (const char* part : {"asked", "Once upon", "before", "after"})
            QVERIFY2(contains(output.out, part), output.out.c_str());
        const Output show = call({"runs", "show", "1", "--project", m_project});
        QVERIFY2(contains(show.out, "asked"), show.out.c_str());
    }

    void unreadableSettingsAreNotCalledDefaults()
    {
        QCOMPARE(train({}).code, 0);
        QCOMPARE(train({}).code, 0);
        {
            const auto project = Project::open(m_project);
            QVERIFY(project.has_value());
            QVERIFY((*project)
                        ->database()
                        .call(Durability::Full,
                              [](Connection& connection) -> Result<> {
                                  connection.prepare("UPDATE runs SET spec = '{\"a\":' WHERE number = 2").step();
                                  return {};
                              })
                        .has_value());
        }
        const Output show = call({"runs", "show", "2", "--project", m_project});
        QVERIFY2(contains(show.out, "settings    cannot be read") && !contains(show.out, "defaults"), show.out.c_str());
        const Output compared = call({"compare", "1", "2", "--project", m_project});
        QVERIFY2(!contains(compared.out, "Matched") && contains(compared.out, "The settings of run 2"),
                 compared.out.c_str());
    }

    void aRunWhoseFolderIsGoneNamesNoFiles()
    {
        QCOMPARE(train({}).code, 0);
        const auto folder = std::filesystem::directory_iterator(std::filesystem::path(m_project) / "runs")->path();
        const Output whole = call({"runs", "show", "1", "--project", m_project});
        QVERIFY2(contains(whole.out, "stored in   " + folder.string() + "\n"), whole.out.c_str());
        std::filesystem::remove_all(folder);
        const Output show = call({"runs", "show", "1", "--project", m_project});
        QVERIFY2(contains(show.out, folder.string() + ", which is no longer there\n"), show.out.c_str());
        QVERIFY2(!contains(show.out, "weights  "), show.out.c_str());
    }

    // One column says where runs started only if they all started there, and the step is said where it differs.
    void startsThatDifferHaveColumnsOfTheirOwn()
    {
        store("one", 0.25, 3);
        store("two", 0.25, 3);
        store("three", 0.5, 12);
        const Output same = call({"compare", "one", "two", "--project", m_project});
        QVERIFY2(contains(same.out, "Matched: ") && contains(same.out, "  start  "), same.out.c_str());
        QVERIFY2(!contains(same.out, "start #1") && !contains(same.out, "at step"), same.out.c_str());
        // Nothing is known of rows that the file may have twice.
        QVERIFY2(!contains(same.out, "no run was trained on") && contains(same.out, "was not looked at."),
                 same.out.c_str());
        const Output other = call({"compare", "one", "three", "--project", m_project});
        QVERIFY2(contains(other.out, "these differ: number of steps, step of the last measurement."),
                 other.out.c_str());
        for (const char* title : {"start #1", "dpo #1 at step 3", "start #3", "dpo #3 at step 12"})
            QVERIFY2(contains(other.out, title), other.out.c_str());
        const Output json = call({"compare", "one", "three", "--project", m_project, "--json"});
        const Json compared = json.objects().front();
        const Json measured = compared["runs"][1]["heldout"]["heldout/accuracy_sum"];
        QCOMPARE(measured["before"].get<double>(), 0.5);
        QCOMPARE(measured["after_step"].get<int>(), 12);
        QVERIFY(compared["trained_on_held_out"].is_null());
        QCOMPARE(compared["maybe_trained_on_held_out"].size(), std::size_t(2));
    }

    // Figures of step 3 are not those of a run of 5 steps, also where all runs were measured at step 3.
    void theStepOfAMeasurementIsSaidWhereTheRunWentOn()
    {
        store("one", 0.25, 3);
        store("further", 0.25, 3, 5);
        const Output same = call({"compare", "one", "one", "--project", m_project});
        QVERIFY2(contains(same.out, "dpo #1") && !contains(same.out, "at step"), same.out.c_str());
        const Output further = call({"compare", "further", "further", "--project", m_project});
        QVERIFY2(contains(further.out, "finished after 5 steps") && contains(further.out, "dpo #2 at step 3"),
                 further.out.c_str());
        const Output both = call({"compare", "one", "further", "--project", m_project});
        QVERIFY2(contains(both.out, "dpo #2 at step 3") && !contains(both.out, "dpo #1 at step"), both.out.c_str());
        const Json run =
            call({"compare", "one", "further", "--project", m_project, "--json"}).objects().front()["runs"][1];
        QCOMPARE(run["steps"].get<int>(), 5);
        QCOMPARE(run["heldout"]["heldout/accuracy_sum"]["after_step"].get<int>(), 3);
    }

    void heldOutTextsAreNotSaidToBeMissing()
    {
        store("one", 2.5, 3, 3, "eval_loss");
        store("two", 2.5, 3, 3, "eval_loss");
        const Output compared = call({"compare", "one", "two", "--project", m_project});
        QVERIFY2(contains(compared.out, "eval_loss") && contains(compared.out, "rows that are no pairs"),
                 compared.out.c_str());
        QVERIFY2(!contains(compared.out, "None of these runs") && !contains(compared.out, "accuracy: share"),
                 compared.out.c_str());
        const Output show = call({"runs", "show", "one", "--project", m_project});
        QVERIFY2(contains(show.out, "held out") && contains(show.out, "eval_loss"), show.out.c_str());
    }

    // An alarm is of a run, and a comparison that keeps it back would praise a ruined model.
    void alarmsAreSaidWhereRunsAreCompared()
    {
        store("fine", 2.0, 3, 3, "heldout/nll_chosen");
        store("ruined", 2.0, 3, 3, "heldout/nll_chosen", 746.0);
        const Output text = call({"compare", "fine", "ruined", "--project", m_project});
        const std::string alarm = "Training makes the model worse: held-out chosen answers cost 746 nats per token";
        QVERIFY2(contains(text.out, "alarm of run 2: " + alarm), text.out.c_str());
        QVERIFY2(!contains(text.out, "alarm of run 1"), text.out.c_str());
        const Json runs = call({"compare", "1", "2", "--project", m_project, "--json"}).objects().front().at("runs");
        QVERIFY(runs[0].at("alarms").empty());
        QCOMPARE(runs[1].at("alarms").size(), std::size_t(1));
        QCOMPARE(runs[1].at("alarms")[0].value("kind", std::string()), std::string("held-out-diverges"));
        QVERIFY(contains(runs[1].at("alarms")[0].value("text", std::string()), alarm));
    }

    // What is to be typed next works as it stands, with the project that was meant.
    void remediesNameTheProject()
    {
        const std::string folder = (m_folder / "my project").string();
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", folder, "--max-steps",
                       "1"})
                     .code,
                 0);
        const std::string command = "\"preflab-cli runs list --project '" + folder + "'\"";
        for (const std::vector<std::string>& words : {std::vector<std::string>{"runs", "show", "9"},
                                                      {"report", "9"},
                                                      {"compare", "1", "9"},
                                                      {"runs", "show"}}) {
            std::vector<std::string> line = words;
            line.insert(line.end(), {"--project", folder});
            const Output output = call(line);
            QCOMPARE(output.code, 2);
            QVERIFY2(contains(output.err, command), output.err.c_str());
        }
        QVERIFY(contains(call({"inspect", folder}).out, "preflab-cli runs list --project '" + folder + "'"));
        // Nobody need have typed --project.
        const Output none = call({"runs", "list", "--project", (m_folder / "none").string()});
        QVERIFY2(contains(none.err, "There is no project in ") && !contains(none.err, "spelling"), none.err.c_str());
    }

private:
    /// A run of `last` steps (0: `steps`) that was measured at the start and after `steps` steps.
    void store(const std::string& name, double start, std::int64_t steps, std::int64_t last = 0,
               const char* metric = "heldout/accuracy_sum", double end = 0.75) const
    {
        const auto project = Project::open(m_project);
        QVERIFY(project);
        RunStore runs(**project);
        RunSpec spec;
        spec.name = name;
        spec.method = "dpo";
        spec.model = "/m";
        spec.data = m_data;
        spec.params["eval_fraction"] = 0.25;
        const auto record = runs.create(spec);
        QVERIFY(record);
        RunLog log;
        runs.follow(record->id, log);
        for (const std::int64_t step : {std::int64_t{0}, steps})
            log.append(MetricRow{step, 1.0, {{log.nameOf(metric), step == 0 ? start : end}}});
        QVERIFY(runs.finish(record->id, log, Finished{std::max(steps, last)}));
    }
};

QTEST_GUILESS_MAIN(CliNamesTest)
#include "cli_names_test.moc"
