// SPDX-License-Identifier: GPL-3.0-or-later
// The commands over the fake engine: help, dispatch, a run from flags to store and back.
#include "app/cli/command.h"
#include "app/cli/run_flags.h"
#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal.h"
#include "core/project/project_schema.h"
#include "support/cli_call.h"
#include "support/cli_data.h"
#include "support/files.h"

#include <QtTest>

#include <algorithm>
#include <csignal>

using namespace preflab;
using test::call;
using test::contains;
using test::Output;

namespace {

/// More steps than any test waits for.
const std::string kEndless = "1000000000";

/// Makes a project refuse what a run stores, from beside the run.
void addTrigger(const std::string& project, const std::string& sql)
{
    const auto database =
        Database::open(std::filesystem::path(project) / "project.db", kProjectApplicationId, projectMigrations());
    QVERIFY(database);
    QVERIFY((*database)->call(Durability::Full, [&](Connection& connection) -> Result<> {
        connection.execute(sql);
        return {};
    }));
}

/// Asks to stop so many times at the third step. The command may notice a few steps later: it starts to listen
/// when the run has been started.
test::FakeScript stoppingAtStep3(StopRequests& stops, int times, int signal = SIGINT)
{
    test::FakeScript script;
    script.stepTime = std::chrono::milliseconds(1);
    script.onStep = [&stops, times, signal](std::int64_t step) {
        for (int i = 0; step == 3 && i < times; ++i) stops.request(signal);
    };
    return script;
}

std::string eventOf(const Json& object)
{
    return object.value("event", std::string());
}

}  // namespace

class CliCommandsTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    std::string m_data = test::writeFile(m_folder / "pairs.jsonl", test::pairLines(12)).string();
    std::string m_project = (m_folder / "project").string();

    std::vector<std::string> trainWords(const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words{"train",  "--method", "dpo",       "--model", "m",
                                       "--data", m_data,     "--project", m_project};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

private slots:
    void everyCommandExplainsItself()
    {
        const Output overview = call({"--help"});
        QCOMPARE(overview.code, 0);
        QVERIFY(commands().size() >= 10);
        for (const CommandInfo* command : commands()) {
            QVERIFY2(contains(overview.out, "\n  " + command->id + " "), command->id.c_str());
            const Output help = call({command->id, "--help"});
            QCOMPARE(help.code, 0);
            QVERIFY2(contains(help.out, "Usage: preflab-cli " + command->id), command->id.c_str());
            QVERIFY2(!command->examples.empty() && contains(help.out, command->examples.front()), command->id.c_str());
            QVERIFY2(contains(help.out, "--json"), command->id.c_str());
            for (const QByteArray& line : QByteArray::fromStdString(help.out).split('\n'))
                QVERIFY2(line.size() <= 110, line.constData());
            QCOMPARE(help.err, std::string());
        }
    }

    void flagsComeFromTheParameters()
    {
        const Output help = call({"train", "--help"});
        for (const ParamSpec& spec : trainingParams())
            QVERIFY2(contains(help.out, spec.help.substr(0, spec.help.find(' '))), spec.key.c_str());
        for (const char* flag :
             {"--max-steps", "--epochs", "--batch-size", "--max-length", "--eval-every", "--learning-rate", "--beta",
              "--dtype", "--seed", "--threads", "--eval-data", "--eval-fraction", "--split", "--project", "--json"})
            QVERIFY2(contains(help.out, flag), flag);
    }

    // A setting that two methods have under one name, each with its own choices.
    void aFlagOfTwoMethodsSaysWhatItIsToBoth()
    {
        struct TwoLosses : test::FakeBackend {
            std::vector<ComponentDescription> describeComponents() const override
            {
                std::vector<ComponentDescription> methods(2);
                for (ComponentDescription& method : methods) method.kind = ComponentDescription::Kind::Method;
                methods[0].id = "first";
                methods[0].params = {{.key = "loss_type", .defaultValue = std::string("a"), .choices = {"a"}}};
                methods[1].id = "second";
                methods[1].params = {{.key = "loss_type", .defaultValue = std::string("b"), .choices = {"b", "c"}}};
                return methods;
            }
        };
        const std::vector<Flag> flags = parameterFlags(TwoLosses());
        const auto flag = std::find_if(flags.begin(), flags.end(), [](const Flag& f) { return f.name == "loss-type"; });
        QVERIFY(flag != flags.end());
        QCOMPARE(flag->valueName, std::string("a"));
        QVERIFY2(contains(flag->help, "With second, b|c: "), flag->help.c_str());
        QCOMPARE(flag->defaultText, std::string("a, second b"));
    }

    void unknownCommandsGetTheNearest()
    {
        const Output output = call({"trian"});
        QCOMPARE(output.code, 2);
        QVERIFY2(contains(output.err, "did you mean train?"), output.err.c_str());
        QCOMPARE(output.out, std::string());
        QCOMPARE(call({}).code, 0);
    }

    void aRunIsShownStoredAndFoundAgain()
    {
        const Output train = call(trainWords({"--max-steps", "7", "--name", "first"}));
        QCOMPARE(train.err, std::string());
        QCOMPARE(train.code, 0);
        for (const char* part : {"method      DPO", "settings    max_steps 7", "step 1 ", "step 7 ", "loss 0.7",
                                 "heldout/accuracy_sum", "finished", "stored in"})
            QVERIFY2(contains(train.out, part), part);

        const Output list = call({"runs", "list", "--project", m_project});
        QVERIFY(contains(list.out, "first"));
        const Output show = call({"runs", "show", "first", "--project", m_project});
        QVERIFY(contains(show.out, "max_steps 7"));
        QVERIFY(contains(show.out, "step 7 "));
        const Output csv = call({"runs", "export", "first", "--project", m_project});
        QCOMPARE(QByteArray::fromStdString(csv.out).count('\n'), 8);
        QVERIFY(csv.out.starts_with("step,seconds,loss,"));
    }

    void jsonIsOneObjectALine()
    {
        const Output train = call(trainWords({"--max-steps", "5", "--json"}));
        QCOMPARE(train.code, 0);
        const std::vector<Json> objects = train.objects();
        QCOMPARE(std::count(objects.begin(), objects.end(), Json()), 0);
        QCOMPARE(eventOf(objects[0]), std::string("run"));
        QCOMPARE(eventOf(objects.back()), std::string("outcome"));
        QCOMPARE(objects.back()["outcome"].get<std::string>(), std::string("finished"));
        std::int64_t next = 1;
        for (const Json& object : objects) {
            if (eventOf(object) != "step") continue;
            QCOMPARE(object["step"].get<std::int64_t>(), next++);
            QVERIFY(object["metrics"].contains("loss"));
        }
        QCOMPARE(next, std::int64_t(6));

        const std::string run = objects.back()["run"].get<std::string>();
        std::int64_t stored = 0;
        for (const Json& object : call({"runs", "show", run, "--project", m_project, "--json"}).objects())
            stored += eventOf(object) == "step" ? 1 : 0;
        QCOMPARE(stored, std::int64_t(5));
    }

    // What the header counts is what is trained on: without what the user left out and what cannot be read.
    void theHeaderCountsWithEdits()
    {
        const std::string project = (m_folder / "header").string();
        const std::string data = test::writeFile(m_folder / "header.jsonl", test::pairLines(12) + "no row\n").string();
        {
            auto opened = Project::open(project);
            QVERIFY(opened);
            const auto read = Dataset::open(data, {});
            const auto journal = Journal::open(std::shared_ptr<Project>(*std::move(opened)), *read);
            QVERIFY(journal && (*journal)->apply(JournalAction::Exclude, {0, 5},
                                                 [](std::uint32_t, RowState& state) { state.isExcluded = true; }));
        }
        const Output train = call({"train", "--method", "dpo", "--model", "m", "--data", data, "--project", project,
                                   "--max-steps", "2", "--eval-fraction", "0.2"});
        QCOMPARE(train.err, std::string());
        QVERIFY2(contains(train.out, "(10 rows, ") &&
                     contains(train.out, "; left out: 1 because it could not be read, 2 because you left them out)"),
                 train.out.c_str());
    }

    void aStopSavesAndIsNoFailure()
    {
        StopRequests stops;
        const Output train =
            call(trainWords({"--max-steps", kEndless, "--eval-fraction", "0.1"}), stoppingAtStep3(stops, 1), &stops);
        QCOMPARE(train.code, 130);
        QVERIFY2(contains(train.out, "checkpoint"), train.out.c_str());
        QVERIFY(contains(train.out, "cancelled"));
        QCOMPARE(QByteArray::fromStdString(train.err).count('\n'), 1);
    }

    void aTermSignalIsAnotherExitCode()
    {
        StopRequests stops;
        const Output train = call(trainWords({"--max-steps", kEndless}), stoppingAtStep3(stops, 1, SIGTERM), &stops);
        QCOMPARE(train.code, 143);
        QVERIFY2(contains(train.out, "checkpoint"), train.out.c_str());
    }

    void aSecondStopAborts()
    {
        StopRequests stops;
        const Output train = call(trainWords({"--max-steps", kEndless, "--json"}), stoppingAtStep3(stops, 2), &stops);
        QCOMPARE(train.code, 130);
        const std::vector<Json> objects = train.objects();
        const auto outcome = std::find_if(objects.begin(), objects.end(),
                                          [](const Json& object) { return eventOf(object) == "outcome"; });
        QVERIFY(outcome != objects.end());
        QVERIFY((*outcome)["checkpoint"].is_null());
        QVERIFY((*outcome)["steps"].get<std::int64_t>() >= 3);
    }

    void aFailedRunSaysWhyAndIsStored()
    {
        test::FakeScript script;
        script.failAtStep = 4;
        const Output train =
            call(trainWords({"--max-steps", "9", "--name", "diverged", "--eval-fraction", "0.1"}), script);
        QCOMPARE(train.code, 1);
        QVERIFY2(contains(train.err, "step 4"), train.err.c_str());
        QCOMPARE(QByteArray::fromStdString(train.err).count('\n'), 1);
        const Output show = call({"runs", "show", "diverged", "--project", m_project});
        QVERIFY2(contains(show.out, "failed after 3 steps"), show.out.c_str());
        QVERIFY(contains(show.out, "step 3 "));
    }

    // A default that is given is no difference, and what is unfair is named.
    void comparesByOneTruth()
    {
        const auto train = [&](const std::string& name, std::vector<std::string> words) {
            words.insert(words.end(), {"--max-steps", "3", "--name", name});
            return call(trainWords(words)).code;
        };
        QCOMPARE(train("plain", {}), 0);
        QCOMPARE(train("spelled-out", {"--seed", "42", "--batch-size", "8"}), 0);
        QCOMPARE(train("other-seed", {"--seed", "7"}), 0);
        const Output matched = call({"compare", "plain", "spelled-out", "--project", m_project});
        QCOMPARE(matched.code, 0);
        QVERIFY2(contains(matched.out, "Matched: "), matched.out.c_str());
        QVERIFY(contains(matched.out, "heldout/accuracy_sum"));
        const Output unfair = call({"compare", "plain", "other-seed", "--project", m_project});
        QVERIFY2(contains(unfair.out, "these differ: seed."), unfair.out.c_str());
    }

    // Training goes on when a step cannot be stored, and the user hears of it while it does.
    void whatCannotBeStoredIsSaidDuringTheRun()
    {
        const std::string project = (m_folder / "full").string();
        test::FakeScript script;
        script.onStep = [&](std::int64_t step) {
            // From beside the run, because a project with a trigger is refused when it is opened.
            if (step == 1)
                addTrigger(project, "CREATE TRIGGER full BEFORE INSERT ON metrics WHEN NEW.step = 3"
                                    " BEGIN SELECT RAISE(ABORT, 'no room for step 3'); END");
        };
        const Output train = call(
            {"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project, "--max-steps", "5"},
            script);
        QCOMPARE(train.code, 1);
        QVERIFY2(contains(train.out, "warning: ") && contains(train.out, "no room for step 3"), train.out.c_str());
    }

    void scoresAreJsonWithOrWithoutTheFlag()
    {
        const std::vector<std::string> words{"score", "--model", "m", "--data", m_data};
        const Output plain = call(words);
        QCOMPARE(plain.code, 0);
        QCOMPARE(plain.objects().size(), std::size_t(5));
        QCOMPARE(plain.objects().front()["chosen_logp"].get<double>(), -1.0);
        const std::string target = (m_folder / "scores.jsonl").string();
        const Output file = call({"score", "--model", "m", "--data", m_data, "--output", target});
        QCOMPARE(file.code, 0);
        QCOMPARE(test::readFile(target), plain.out);
    }

    void aDatasetIsExportedWithItsEdits()
    {
        const std::string project = (m_folder / "edited").string();
        {
            auto opened = Project::open(project);
            QVERIFY(opened);
            const auto data = Dataset::open(m_data, {});
            QVERIFY(data);
            const auto journal = Journal::open(std::shared_ptr<Project>(*std::move(opened)), *data);
            QVERIFY(journal && (*journal)->apply(JournalAction::Exclude, {0, 5},
                                                 [](std::uint32_t, RowState& state) { state.isExcluded = true; }));
        }
        const Output inspected = call({"inspect", m_data, "--project", project});
        QVERIFY2(contains(inspected.out, "0 edited, 2 left out"), inspected.out.c_str());
        const Output asJson = call({"inspect", m_data, "--project", project, "--json"});
        QCOMPARE(asJson.objects().front().at("edits").value("left_out", 0), 2);
        QVERIFY(!call({"inspect", m_data, "--json"}).objects().front().contains("edits"));
        QCOMPARE(call({"score", "--model", "m", "--data", m_data, "--project", project}).code, 0);
        // A copy with one row more may be the same dataset: only the user knows.
        const std::string grown =
            test::writeFile(m_folder / "grown.jsonl",
                            test::readFile(m_data) + "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n")
                .string();
        const Output unknown = call({"inspect", grown, "--project", project});
        QVERIFY2(contains(unknown.out, "0 edited, 0 left out"), unknown.out.c_str());
        QVERIFY2(contains(unknown.out, "changes of 2 rows of " + m_data + "; grown.jsonl has 2 of these"),
                 unknown.out.c_str());
        QVERIFY2(contains(unknown.out, "preflab-cli inspect " + grown + " --project " + project + " --take-edits."),
                 unknown.out.c_str());
        QVERIFY(contains(call({"inspect", grown, "--project", project, "--take-edits"}).out, "0 edited, 2 left out"));
        QVERIFY(contains(call({"inspect", grown, "--project", project}).out, "0 edited, 2 left out"));
        const Output own = call({"inspect", m_data, "--project", project, "--take-edits"});
        QCOMPARE(own.code, 2);
        QVERIFY2(contains(own.err, "has changes of its own in this project"), own.err.c_str());
        // A project that is not there is a mistyped name.
        QCOMPARE(call({"inspect", m_data, "--project", project + "x", "--take-edits"}).code, 2);
        QVERIFY(!std::filesystem::exists(project + "x"));
        const std::string target = (m_folder / "out.csv").string();
        const Output output = call({"export", m_data, "--project", project, "--output", target});
        QVERIFY2(output.code == 0, output.err.c_str());
        QVERIFY2(contains(output.out, "10 rows; left out: 2 because you left them out"), output.out.c_str());
        QVERIFY(contains(test::readFile(target), "\"prompt\",\"chosen\",\"rejected\"\n"));
        const Output json = call({"export", m_data, "--project", project, "--with-excluded", "--json"});
        QCOMPARE(json.code, 0);
        QCOMPARE(json.objects().back().value("rows", 0), 12);
        QVERIFY(std::filesystem::exists(json.objects().back().value("path", std::string())));
        const Output unclear =
            call({"export", m_data, "--project", project, "--output", (m_folder / "out.txt").string()});
        QCOMPARE(unclear.code, 2);
        QVERIFY2(contains(unclear.err, "--format"), unclear.err.c_str());
        QCOMPARE(call({"export", m_data, "--project", project, "--format", "xlsx"}).code, 2);
    }

    void anAnswerIsStreamed()
    {
        const Output output = call({"generate", "--model", "m", "--prompt", "word", "--max-new-tokens", "2"});
        QCOMPARE(output.code, 0);
        QCOMPARE(output.out, std::string("word 0word 1\n"));
        QCOMPARE(call({"generate", "--model", "m", "--prompt", "x", "--temperature", "-1"}).code, 2);
    }
};

QTEST_GUILESS_MAIN(CliCommandsTest)
#include "cli_commands_test.moc"
