// SPDX-License-Identifier: GPL-3.0-or-later
// --map from a command to the run that repeats it and the project that keeps it.
#include "core/data/ingest/dataset.h"
#include "support/cli_call.h"
#include "support/cli_data.h"
#include "support/files.h"

#include <QtTest>

using namespace preflab;
using test::call;
using test::contains;
using test::Output;

class CliMappingTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    std::string m_data;
    const std::vector<std::string> m_map{"--map", "prompt=question", "--map", "chosen=good", "--map", "rejected=bad"};

    std::string project(const std::string& name) const { return (m_folder / name).string(); }

    Output mapped(std::vector<std::string> words) const
    {
        words.insert(words.end(), m_map.begin(), m_map.end());
        return call(words);
    }

    static Json firstOf(const Output& output)
    {
        const auto objects = output.objects();
        return objects.empty() ? Json() : objects.front();
    }

private slots:
    void initTestCase()
    {
        std::string lines = test::pairLines(6);
        const std::pair<const char*, const char*> names[] = {
            {"\"prompt\"", "\"question\""}, {"\"chosen\"", "\"good\""}, {"\"rejected\"", "\"bad\""}};
        for (const auto& [from, to] : names) lines = QByteArray::fromStdString(lines).replace(from, to).toStdString();
        m_data = test::writeFile(m_folder / "pairs.jsonl", lines).string();
    }

    void inspectSaysHowColumnsAreTaken()
    {
        const Output text = mapped({"inspect", m_data});
        QCOMPARE(text.err, std::string());
        QVERIFY2(contains(text.out, "question as prompt, good as chosen, bad as rejected"), text.out.c_str());
        QVERIFY2(contains(text.out, "question, good and bad hold texts in all of the first 6 records"),
                 text.out.c_str());
        const Json json = firstOf(mapped({"inspect", m_data, "--json"}));
        QCOMPARE(json.value("format", std::string()), std::string("preference-strings"));
        QCOMPARE(json.at("mapping").dump(), std::string(R"({"prompt":"question","chosen":"good","rejected":"bad"})"));
        QCOMPARE(mapped({"score", "--model", "m", "--data", m_data}).code, 0);
    }

    // Columns that are used are listed wherever they stand, and how many are not is said.
    void columnsOfAWideTableAreCounted()
    {
        std::string line = "{";
        for (int i = 0; i < 60; ++i) line += "\"k" + std::to_string(i) + "\": 1, ";
        const std::string path =
            test::writeFile(m_folder / "wide-table.jsonl",
                            line + "\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\", \"tools\": []}\n")
                .string();
        const Output text = call({"inspect", path});
        QVERIFY2(contains(text.out, "k49, prompt, chosen, rejected, tools and 10 more\n"), text.out.c_str());
        const Json json = call({"inspect", path, "--json"}).objects().front();
        QCOMPARE(json["columns"].size(), std::size_t{54});
        QCOMPARE(json["other_columns"].get<int>(), 10);
        // Also where they are refused.
        const Output refused =
            call({"inspect", test::writeFile(m_folder / "wide-none.jsonl", line + "\"end\": 1}\n").string()});
        QVERIFY2(contains(refused.err, "k49 (number) and 11 more"), refused.err.c_str());
    }

    void aPromptBesideACompletionIsInItsColumn()
    {
        const auto path = test::writeFile(m_folder / "sft.jsonl", "{\"prompt\": \"q\", \"completion\": \"a\"}\n");
        const Output inspected = call({"inspect", path.string()});
        QVERIFY2(contains(inspected.out, "prompt         in its own column"), inspected.out.c_str());
    }

    void wrongNamesAreOneSentence()
    {
        const Output role = call({"inspect", m_data, "--map", "question=prompt"});
        QCOMPARE(role.code, 2);
        QVERIFY2(contains(role.err,
                          "--map: \"question\" is nothing that a column can be taken as; write one of prompt, "
                          "chosen, rejected, completion, text"),
                 role.err.c_str());
        const Output column = call({"inspect", m_data, "--map", "prompt=qestion"});
        QCOMPARE(column.code, 2);
        QVERIFY2(contains(column.err, "has no column \"qestion\" to take as prompt"), column.err.c_str());
        QVERIFY2(contains(column.err, "question (text), good (text), bad (text)"), column.err.c_str());
        QCOMPARE(QByteArray::fromStdString(column.err).count('\n'), 1);
    }

    void aRunRepeatsTheColumnsAndItsProjectKeepsThem()
    {
        const std::string folder = project("trained");
        const Output train = mapped({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--eval-data",
                                     m_data, "--project", folder, "--max-steps", "2", "--name", "mapped"});
        QCOMPARE(train.err, std::string());
        QCOMPARE(train.code, 0);
        QVERIFY2(contains(train.out, "; question as prompt, good as chosen, bad as rejected)"), train.out.c_str());
        const Output shown = call({"runs", "show", "mapped", "--project", folder});
        QVERIFY2(contains(shown.out, "columns     question as prompt, good as chosen, bad as rejected\n"),
                 shown.out.c_str());
        const Json spec = firstOf(call({"runs", "list", "--project", folder, "--json"})).at("spec");
        QCOMPARE(spec.at("columns").value("chosen", std::string()), std::string("good"));
        // Later commands need not say it again.
        const Output again = call({"train", "--method", "dpo", "--model", "m", "--data", m_data, "--project", folder,
                                   "--max-steps", "2", "--name", "again"});
        QCOMPARE(again.code, 0);
        QVERIFY2(contains(again.out, "question as prompt"), again.out.c_str());
        QCOMPARE(call({"inspect", m_data, "--project", folder}).code, 0);
        const std::string target = (m_folder / "out.jsonl").string();
        QCOMPARE(call({"export", m_data, "--project", folder, "--output", target}).code, 0);
        const auto exported = Dataset::open(target, {m_folder / "cache"});
        QVERIFY(exported);
        QCOMPARE(exported->columns, (std::vector<std::string>{"prompt", "chosen", "rejected"}));
    }

    // Each file is read by its own columns.
    void heldOutPairsHaveColumnsOfTheirOwn()
    {
        const std::string folder = project("held-out");
        const std::string plain = test::writeFile(m_folder / "plain.jsonl", test::pairLines(4)).string();
        const std::vector<std::string> train{"train", "--method",  "dpo",  "--model",     "m", "--data",
                                             plain,   "--project", folder, "--max-steps", "2", "--name"};
        const auto run = [&train](const std::string& name, const std::vector<std::string>& more) {
            std::vector<std::string> words = train;
            words.push_back(name);
            words.insert(words.end(), more.begin(), more.end());
            return call(words);
        };
        const Output missing = run("m", {"--eval-data", m_data, "--eval-map", "prompt=none"});
        QVERIFY2(contains(missing.err, "name one of its columns with --eval-map prompt=COLUMN"), missing.err.c_str());
        QCOMPARE(run("m", {"--eval-map", "prompt=question"}).code, 2);
        const std::vector<std::string> heldOut{"--eval-data", m_data,       "--eval-map", "prompt=question",
                                               "--eval-map",  "chosen=bad", "--eval-map", "rejected=good"};
        QCOMPARE(run("said", heldOut).err, std::string());
        // The project keeps them of the file.
        const Output kept = run("kept", {"--eval-data", m_data});
        QCOMPARE(kept.err, std::string());
        QVERIFY2(contains(kept.out, "question as prompt, bad as chosen, good as rejected"), kept.out.c_str());
        const Output shown = call({"runs", "show", "kept", "--project", folder});
        QVERIFY2(contains(shown.out, "; question as prompt, bad as chosen, good as rejected\n"), shown.out.c_str());
        for (const Json& listed : call({"runs", "list", "--project", folder, "--json"}).objects())
            QCOMPARE(listed.at("spec").at("eval_columns").value("chosen", std::string()), std::string("bad"));
    }

    void inspectKeepsTheColumnsWithoutARun()
    {
        const std::string folder = project("kept");
        QCOMPARE(call({"inspect", m_data, "--project", folder}).code, 2);  // makes no project
        QCOMPARE(mapped({"inspect", m_data, "--keep-map"}).code, 2);
        QCOMPARE(mapped({"inspect", m_data, "--project", folder, "--keep-map"}).code, 0);
        QCOMPARE(call({"inspect", m_data, "--project", folder}).code, 0);
        // What is said goes before what is kept, and is not kept by the way.
        const Output other = call({"inspect", m_data, "--project", folder, "--map", "text=good"});
        QVERIFY2(contains(other.out, "good as text"), other.out.c_str());
        QVERIFY(contains(call({"inspect", m_data, "--project", folder}).out, "question as prompt"));
        const Output plain = call({"inspect", m_data, "--project", folder, "--map", "prompt=prompt"});
        QCOMPARE(plain.code, 2);
    }
};

QTEST_GUILESS_MAIN(CliMappingTest)
#include "cli_mapping_test.moc"
