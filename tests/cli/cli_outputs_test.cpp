// SPDX-License-Identifier: GPL-3.0-or-later
// What commands write and print: never over what they read, never what steers a terminal.
#include "core/data/ingest/dataset.h"
#include "core/data/journal/journal.h"
#include "support/cli_call.h"
#include "support/cli_data.h"
#include "support/data_files.h"
#include "support/files.h"

#include <QtTest>

#include <csignal>
#include <new>
#include <sys/stat.h>

using namespace preflab;
using test::call;
using test::contains;
using test::Output;

class CliOutputsTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    std::string m_data = test::writeFile(m_folder / "pairs.jsonl", test::pairLines(12)).string();

private slots:
    // Every output path of every command: what is read is refused before anything is done, and stays as it is.
    void outputsAreNeverInputs()
    {
        const std::filesystem::path project = m_folder / "guarded";
        const std::string data = test::writeFile(m_folder / "guarded-pairs.jsonl", test::pairLines(8)).string();
        const std::string before = test::readFile(data);
        const std::string link = (m_folder / "another-name.jsonl").string();
        std::filesystem::create_symlink(data, link);
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", data, "--project", project.string(),
                       "--max-steps", "2", "--name", "first"})
                     .code,
                 0);
        const auto runFolder = std::filesystem::directory_iterator(project / "runs")->path();
        const std::string database = (project / "project.db").string();
        const auto in = [&](std::vector<std::string> words, const std::string& output) {
            words.insert(words.end(), {"--project", project.string(), "--output", output});
            return words;
        };
        std::vector<std::vector<std::string>> lines{
            {"score", "--model", "m", "--data", data, "--output", data},
            {"score", "--model", "m", "--data", data, "--output", link},
            in({"export", data}, data),
            in({"export", link, "--format", "csv"}, data),
        };
        for (const std::string& output : {database, (runFolder / "curves.csv").string(), data, link})
            for (const char* command : {"runs", "report"})
                lines.push_back(in(command == std::string("runs") ? std::vector<std::string>{"runs", "export", "first"}
                                                                  : std::vector<std::string>{"report", "first"},
                                   output));
        lines.push_back(in({"export", data, "--format", "jsonl"}, database));
        // Nor what another project keeps or a model consists of, though this command does not read it.
        const std::filesystem::path model = m_folder / "another-model";
        test::writeFile(model / "config.json", "{}");
        const std::string weights = test::writeFile(model / "model.safetensors", "weights").string();
        const std::string lock = (project / "project.lock").string();
        for (const std::string& output : {database, lock, (runFolder / "scores.jsonl").string(), weights}) {
            lines.push_back({"score", "--model", "m", "--data", data, "--output", output});
            lines.push_back({"train", "--method", "dpo", "--model", "m", "--data", data, "--trl-yaml", output});
            lines.push_back(
                {"export", data, "--format", "csv", "--project", (m_folder / "none").string(), "--output", output});
        }
        const std::string pipe = (m_folder / "pipe").string();
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        std::filesystem::create_symlink(pipe, m_folder / "to-pipe");
        lines.push_back({"score", "--model", "m", "--data", data, "--output", (m_folder / "to-pipe").string()});
        for (const std::vector<std::string>& words : lines) {
            const Output output = call(words);
            QVERIFY2(output.code == 2 && contains(output.err, "cannot be the output"), output.err.c_str());
            QCOMPARE(output.out, std::string());
        }
        QCOMPARE(test::readFile(data), before);
        QCOMPARE(test::readFile(weights), std::string("weights"));
        QVERIFY(std::filesystem::is_symlink(link));
        QVERIFY(std::filesystem::is_symlink(m_folder / "to-pipe"));
        QCOMPARE(call({"runs", "show", "first", "--project", project.string()}).code, 0);
        QCOMPARE(call(in({"runs", "export", "first"}, (project / "curves.csv").string())).code, 0);
    }

    // Whatever leaves a row or a part of it out says so, with count and reason, and nothing else is said.
    void whatIsLeftOutIsSaid()
    {
        test::FakeScript script;
        // Beside the scores, which other programs read.
        const Output plain = call({"score", "--model", "m", "--data", m_data}, script);
        QVERIFY2(plain.err.starts_with("scored ") && contains(plain.err, "the chosen answer is likelier in "),
                 plain.err.c_str());
        QVERIFY(!contains(plain.out, "scored "));
        QCOMPARE(call({"score", "--model", "m", "--data", m_data, "--json"}, script).err, std::string());
        script.leftOut.unreadable = 3;
        script.leftOut.messageKeys = {{"name", 1}, {"tool_calls", 2}};
        script.leftOut.hasToolsColumn = true;
        const std::string reasons =
            "left out: 3 because they could not be read; not read by the model: name of messages "
            "(1 row), tool_calls of messages (2 rows), the column tools";
        const Output terminal = call({"score", "--model", "m", "--data", m_data}, script);
        QVERIFY2(contains(terminal.err, "scored 5 pairs; ") && contains(terminal.err, reasons), terminal.err.c_str());
        QCOMPARE(terminal.objects().size(), std::size_t(5));
        const Json outcome = call({"score", "--model", "m", "--data", m_data, "--json"}, script).objects().back();
        QCOMPARE(outcome.at("left_out_because").dump(), std::string(R"({"unreadable":3})"));
        QCOMPARE(outcome.at("not_rendered").dump(), std::string(R"({"name":1,"tool_calls":2,"tools":"column"})"));
        script.leftOut = {.shortened = 4, .doubts = {{Finding::Kind::EmptySide, 2, "2 pairs have an empty answer."}}};
        const Output cut = call({"score", "--model", "m", "--data", m_data}, script);
        QVERIFY2(contains(cut.err, "warning: 2 pairs have an empty answer.\n") &&
                     contains(cut.err, "the chosen answer is likelier in 5 of 5 pairs; cut at the maximum length: 4"),
                 cut.err.c_str());
        const Json counted = call({"score", "--model", "m", "--data", m_data, "--json"}, script).objects().back();
        QCOMPARE(counted.at("shortened").get<int>(), 4);
        QCOMPARE(counted.at("found").dump(), std::string(R"({"empty_sides":2})"));
        QCOMPARE(counted.at("chosen_preferred").get<int>(), 5);
        QCOMPARE(counted.at("ties").get<int>(), 0);
        script.leftOut = {.unreadable = 3, .messageKeys = {{"name", 1}, {"tool_calls", 2}}, .hasToolsColumn = true};
        const std::string target = (m_folder / "reasons.jsonl").string();
        QVERIFY(contains(call({"score", "--model", "m", "--data", m_data, "--output", target}, script).out, reasons));
    }

    // TRL reads the file itself: what a project made of it, and what else is not in the YAML, is said there and to the user.
    void aTrlYamlSaysWhatItLeavesOut()
    {
        const std::string project = (m_folder / "my edits").string(), target = (m_folder / "run.yaml").string();
        const std::vector<std::string> words{"train", "--method",  "dpo",   "--model",    "m",   "--data",
                                             m_data,  "--project", project, "--trl-yaml", target};
        const Output plain = call(words);
        QCOMPARE(plain.err, std::string());
        QVERIFY(!std::filesystem::exists(project));
        {
            auto opened = Project::open(project);
            QVERIFY(opened);
            const auto data = Dataset::open(m_data, {});
            const auto journal = Journal::open(std::shared_ptr<Project>(*std::move(opened)), *data);
            QVERIFY(journal && (*journal)->apply(JournalAction::Swap, {1},
                                                 [](std::uint32_t, RowState& state) { state.isSwapped = true; }));
        }
        std::vector<std::string> more = words;
        more.insert(more.end(), {"--matched", "--eval-data", m_data, "--epochs", "5", "--max-steps", "2"});
        const Output noted = call(more);
        QCOMPARE(noted.code, 0);
        const std::string command = "preflab-cli export " + m_data + " --project '" + project + "' --output ";
        const std::string yaml = test::readFile(target);
        for (const std::string& text : {command, std::string("(--matched)"), std::string("train.jsonl and test.jsonl")})
            QVERIFY2(contains(noted.err, text) && contains(yaml, text), (noted.err + yaml).c_str());
        QVERIFY2(contains(noted.err, "the epochs (5 as num_train_epochs) have no effect"), noted.err.c_str());
        QVERIFY2(contains(yaml, "eval_strategy: \"no\"\n"), yaml.c_str());
        more.emplace_back("--json");
        QCOMPARE(call(more).objects().back().at("notes").size(), std::size_t(5));
    }

    // What train refuses before it starts is not written down as a run either.
    void aTrlYamlIsOfARunThatCanStart()
    {
        const std::string texts = test::writeFile(m_folder / "texts.jsonl", test::textLines(4)).string();
        const std::string target = (m_folder / "refused.yaml").string();
        for (const auto& [data, text] : {std::pair{(m_folder / "none").string(), "does not exist"},
                                         {texts, "but chosen and rejected (text is for --method sft)"}}) {
            const Output output = call({"train", "--method", "dpo", "--model", "m", "--data", data, "--project",
                                        (m_folder / "nothing").string(), "--trl-yaml", target});
            QCOMPARE(output.code, 2);
            QVERIFY2(contains(output.err, text), output.err.c_str());
        }
        QVERIFY(!std::filesystem::exists(target));
        QVERIFY(!std::filesystem::exists(m_folder / "nothing"));
    }

    void anExportAccountsForEveryRow()
    {
        const std::string calls = R"({"role": "assistant", "content": "", "tool_calls": [{"id": "a"}]})";
        const std::string turns = R"([{"role": "user", "content": "hi", "name": "Ann"}])";
        const std::string lines = R"({"prompt": )" + turns + R"(, "chosen": [)" + calls + R"(], "rejected": [)" +
                                  R"({"role": "assistant", "content": "no"}], "tools": [1]})" + "\nno row\n\n{}\n";
        const std::string data = test::writeFile(m_folder / "calls.jsonl", lines).string();
        const std::string project = (m_folder / "exports").string();
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project,
                       "--max-steps", "1"})
                     .code,
                 0);
        const Output text = call({"export", data, "--project", project});
        QVERIFY2(contains(text.out, ": 1 row; left out: 2 because they could not be read\n"), text.out.c_str());
        const Json json = call({"export", data, "--project", project, "--json"}).objects().back();
        QCOMPARE(json.value("left_out", 0), 2);
        // Nothing of a message is lost on the way to the file, and what the model will not see is said where data are read.
        const std::string written = test::readFile(json.at("path").get<std::string>());
        for (const char* part : {"tool_calls", "Ann", "tools"}) QVERIFY2(contains(written, part), written.c_str());
        const Output inspected = call({"inspect", data});
        QVERIFY2(contains(inspected.out, "2 left out because they could not be read"), inspected.out.c_str());
        QVERIFY2(contains(inspected.out, "name of messages (1 row), tool_calls of messages (1 row), the column tools"),
                 inspected.out.c_str());
    }

    // What inspect finds, an export says, with counts and rows; and inspect says the same to programs.
    void whatIsFoundIsSaidEverywhere()
    {
        const std::string project = (m_folder / "found").string();
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project,
                       "--max-steps", "1"})
                     .code,
                 0);
        std::string lines;
        for (int i = 0; i < 14; ++i)
            lines += R"({"prompt": "q", "chosen": "", "rejected": "b"})"
                     "\n";
        const std::string whole = test::gzipped(lines + R"({"prompt": "q", "chosen": "a", "rejected": "a"})"
                                                        "\n");
        const std::string data = test::writeFile(m_folder / "odd.jsonl.gz", whole.substr(0, whole.size() - 3)).string();
        const Output written = call({"export", data, "--project", project});
        for (const char* part : {"1 pair of odd.jsonl.gz has two identical answers and teaches no preference (line 15)",
                                 "14 pairs of odd.jsonl.gz have an empty answer (lines 1, 2, 3, 4, 5 and 9 more)",
                                 "odd.jsonl.gz ends too early (the gzip data ends too early, after"})
            QVERIFY2(contains(written.err, std::string("warning: ") + part), written.err.c_str());
        const Json found = call({"export", data, "--project", project, "--json"}).objects().back().at("found");
        QCOMPARE(found.dump(), std::string(R"({"identical_sides":1,"empty_sides":14,"is_file_incomplete":1})"));
        const Output inspected = call({"inspect", data});
        QVERIFY2(contains(inspected.out, "and 6 more; --json lists up to 1,000 of each kind"), inspected.out.c_str());
        const Json json = call({"inspect", data, "--json"}).objects().back();
        QCOMPARE(json.at("empty_sides").get<int>(), 14);
        QCOMPARE(json.at("is_file_incomplete").get<bool>(), true);
        QCOMPARE(json.at("has_bytes_behind").get<bool>(), false);
        QCOMPARE(json.at("findings_total").get<int>(), 16);
        QCOMPARE(json.at("findings").size(), std::size_t(16));
        QCOMPARE(json.at("first_row").dump(), std::string(R"({"prompt":"q","chosen":"","rejected":"b"})"));
        QVERIFY(json.contains("layout") && json.contains("has_tools_column"));
    }

    // What is doubtful of a split is said of the one that is asked for.
    void doubtsAreOfTheSplitRule()
    {
        const std::string start = "\n\nHuman: How far?\n\nAssistant:";
        const std::string data =
            test::writeFile(m_folder / "dialogues.jsonl",
                            Json{{"chosen", start + " Ten"}, {"rejected", start + " Ten miles"}}.dump() + "\n")
                .string();
        const auto found = [&](std::vector<std::string> words) {
            words.insert(words.begin(), {"inspect", data, "--json"});
            return call(words).objects().back().at("one_continues_the_other").get<int>();
        };
        QCOMPARE(found({}), 0);
        QCOMPARE(found({"--split", "auto"}), 0);
        QCOMPARE(found({"--split", "trl"}), 1);
    }

    void aColumnsNameIsQuotedInPart()
    {
        Json row{{"prompt", "q"}, {"chosen", "a"}, {"rejected", "b"}};
        row[std::string(1000000, 'x')] = 1;
        const Output inspected =
            call({"inspect", test::writeFile(m_folder / "wide.jsonl", row.dump() + "\n").string()});
        QCOMPARE(inspected.code, 0);
        QVERIFY2(inspected.out.size() < 2000 && contains(inspected.out, "xxx…"), inspected.out.c_str());
    }

    void aPrintedCommandCanBeTyped()
    {
        const std::string project = (m_folder / "a b").string();
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project,
                       "--max-steps", "1"})
                     .code,
                 0);
        const Output inspected = call({"inspect", project});
        QVERIFY2(contains(inspected.out, ("runs list --project '" + project + "'").c_str()), inspected.out.c_str());
    }

    // What help says of the lines of a run.
    void aLongRunHasSomeFortyLines()
    {
        QVERIFY(contains(call({"train", "--help"}).out, "40"));
        for (const auto& [steps, lines] : {std::pair("40", 40), {"60", 31}}) {
            const Output run = call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project",
                                     (m_folder / "long").string(), "--max-steps", steps});
            QCOMPARE(run.code, 0);
            QCOMPARE(QByteArray::fromStdString(run.out).count("\nstep ") -
                         QByteArray::fromStdString(run.out).count(", held out:"),
                     lines);
        }
    }

    // The name of a default output is PrefLab's own: a link in its place is no wish of the user.
    void defaultOutputsReplaceLinks()
    {
        const std::filesystem::path project = m_folder / "linked";
        QCOMPARE(call({"train", "--method", "dpo", "--model", "/cache/models--org--name/snapshots/abc", "--data",
                       m_data, "--project", project.string(), "--max-steps", "1"})
                     .code,
                 0);
        const Output shown = call({"runs", "show", "1", "--project", project.string()});
        QVERIFY2(contains(shown.out, "model       org/name in /cache/"), shown.out.c_str());
        const std::vector<std::vector<std::string>> lines{{"export", m_data},
                                                          {"export", m_data, "--format", "csv"},
                                                          {"export", m_data, "--format", "parquet"},
                                                          {"report", "1"}};
        const auto run = std::filesystem::directory_iterator(project / "runs")->path().filename().string();
        const std::vector<std::string> names{"pairs.jsonl", "pairs.csv", "pairs.parquet", "report-" + run + ".html"};
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto other = test::writeFile(m_folder / ("other " + names[i]), "kept");
            const auto link = project / "exports" / names[i];
            std::filesystem::create_symlink(other, link);
            std::vector<std::string> words = lines[i];
            words.insert(words.end(), {"--project", project.string()});
            const Output output = call(words);
            QVERIFY2(output.code == 0, output.err.c_str());
            QCOMPARE(test::readFile(other), std::string("kept"));
            QVERIFY2(!std::filesystem::is_symlink(link) && std::filesystem::file_size(link) > 10, names[i].c_str());
        }
        // A link that the user names is the file behind it.
        const auto named = test::writeFile(m_folder / "named", "old");
        const auto link = m_folder / "named.jsonl";
        std::filesystem::create_symlink(named, link);
        QCOMPARE(call({"export", m_data, "--project", project.string(), "--output", link.string()}).code, 0);
        QVERIFY(std::filesystem::is_symlink(link) && std::filesystem::file_size(named) > 10);
    }

    void memoryThatRunsOutIsNothingUnexpected()
    {
        test::FakeScript script;
        script.onPair = [](std::uint32_t) { throw std::bad_alloc(); };
        const Output output = call({"score", "--model", "m", "--data", m_data}, script);
        QCOMPARE(output.code, 1);
        QVERIFY2(contains(output.err, "There is not enough memory for running score"), output.err.c_str());
    }

    void oneRunIsNothingToCompareWith()
    {
        const Output one = call({"compare", "1"});
        QCOMPARE(one.code, 2);
        QVERIFY2(contains(one.err, "at least 2 arguments RUN, and 1 is given; add another RUN (id, "), one.err.c_str());
        QVERIFY(contains(call({"compare"}).err, "and none are given; add RUN (id, "));
    }

    void aRefusedRequestPrintsNothing()
    {
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"generate", "--model", "m", "--prompt", "x", "--max-new-tokens", "0"},
              {"runs", "show"},
              {"parity", "--golden", "g", "--model", "m"}}) {
            const Output output = call(words);
            QVERIFY(output.code != 0);
            QCOMPARE(output.out, std::string());
        }
        test::FakeScript script;
        StopRequests stops;
        stops.request(SIGINT);
        QCOMPARE(call({"generate", "--model", "m", "--prompt", "x"}, script, &stops).out, std::string());
    }

    void curvesAreJsonWhereAskedFor()
    {
        const std::string project = (m_folder / "curves").string();
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project,
                       "--max-steps", "4"})
                     .code,
                 0);
        const std::vector<Json> objects = call({"runs", "export", "1", "--project", project, "--json"}).objects();
        QCOMPARE(objects.size(), std::size_t(4));
        QCOMPARE(objects.back()["step"].get<int>(), 4);
        QCOMPARE(objects.back()["metrics"]["step_copy"].get<double>(), 4.0);
        QCOMPARE(call({"runs", "list", "--project", project, "--output", "x"}).code, 2);
    }

    void aHostileNameStaysOnItsLine()
    {
        const std::string project = (m_folder / "hostile").string();
        const std::string name = "red\x1b[31m\nrun         9999-gone";
        QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project,
                       "--max-steps", "2", "--name", name, "--sample-prompt", "a\x1b]0;b"})
                     .code,
                 0);
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"runs", "list"}, {"runs", "show", "1"}, {"compare", "1", "1"}}) {
            std::vector<std::string> line = words;
            line.insert(line.end(), {"--project", project});
            const Output output = call(line);
            QVERIFY2(!contains(output.out, "\x1b"), output.out.c_str());
            QVERIFY2(!contains(output.out, "\nrun         9999"), output.out.c_str());
        }
    }

    void dashesEndTheOptions()
    {
        const Output output = call({"inspect", "--", "--json"});
        QCOMPARE(output.code, 2);
        QVERIFY2(contains(output.err, "--json does not exist"), output.err.c_str());
        QCOMPARE(output.out, std::string());
        for (const char* command : {"runs", "train", "compare", "bench", "demo", "parity"})
            QVERIFY2(!contains(call({command, "--", "-x", "--", "y", "z"}).err, "unexpected"), command);
    }
};

QTEST_GUILESS_MAIN(CliOutputsTest)
#include "cli_outputs_test.moc"
