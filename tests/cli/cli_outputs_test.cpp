// SPDX-License-Identifier: GPL-3.0-or-later
// What commands write and print: never over what they read, never what steers a terminal.
#include "support/cli_call.h"
#include "support/cli_data.h"
#include "support/files.h"

#include <QtTest>

#include <csignal>

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
        for (const std::vector<std::string>& words : lines) {
            const Output output = call(words);
            QVERIFY2(output.code == 2 && contains(output.err, "cannot be the output"), output.err.c_str());
            QCOMPARE(output.out, std::string());
        }
        QCOMPARE(test::readFile(data), before);
        QVERIFY(std::filesystem::is_symlink(link));
        QCOMPARE(call({"runs", "show", "first", "--project", project.string()}).code, 0);
        QCOMPARE(call(in({"runs", "export", "first"}, (project / "curves.csv").string())).code, 0);
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

    // The number of a run goes before a name that looks like one.
    void aNumberIsANumber()
    {
        const std::string project = (m_folder / "numbered").string();
        for (const char* name : {"plain", "0001", "1"})
            QCOMPARE(call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", project,
                           "--max-steps", "1", "--name", name})
                         .code,
                     0);
        for (const char* name : {"1", "0001", "plain"}) {
            const Output show = call({"runs", "show", name, "--project", project});
            QVERIFY2(contains(show.out, "\"plain\""), show.out.c_str());
        }
        QVERIFY(contains(call({"runs", "show", "0002", "--project", project}).out, "\"0001\""));
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
