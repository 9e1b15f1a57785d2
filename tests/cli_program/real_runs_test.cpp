// SPDX-License-Identifier: GPL-3.0-or-later
// The real program on the reference model: every command, from a file to a report.
// ctest-label: slow
#include "support/cli_data.h"
#include "support/cli_process.h"
#include "support/files.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace preflab;

namespace {

std::string eventOf(const Json& object)
{
    return object.is_object() ? object.value("event", std::string()) : "";
}

const Json* lastOf(const std::vector<Json>& objects, const std::string& event)
{
    const Json* last = nullptr;
    for (const Json& object : objects)
        if (eventOf(object) == event) last = &object;
    return last;
}

}  // namespace

class RealRunsTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    QString m_data = test::textOf(test::writeFile(m_folder / "pairs.jsonl", test::pairLines(40)));
    QString m_texts = test::textOf(test::writeFile(m_folder / "texts.jsonl", test::textLines(40)));
    QString m_project = test::textOf(m_folder / "project");
    QString m_model = test::textOf(test::storiesModel());

    QStringList train(const QString& method, const QStringList& more = {}) const
    {
        return QStringList{"train",
                           "--method",
                           method,
                           "--model",
                           m_model,
                           "--data",
                           method == "sft" ? m_texts : m_data,
                           "--project",
                           m_project,
                           "--max-steps",
                           "6",
                           "--batch-size",
                           "4",
                           "--learning-rate",
                           "1e-4"} +
               more;
    }

private slots:
    void initTestCase()
    {
        if (m_model.isEmpty()) QSKIP("The reference model is not beside the project.");
    }

    void trainsByEveryMethod_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"dpo", "orpo", "sft"}) QTest::newRow(method) << method;
    }
    void trainsByEveryMethod()
    {
        QFETCH(QString, method);
        QStringList more{"--json", "--name", method + "-run"};
        if (method != "sft")
            more += QStringList{"--eval-fraction", "0.2", "--eval-every", "3", "--matched", "--sample-prompt",
                                "Once upon a time"};
        const test::CliResult result = test::runCli(train(method, more));
        QCOMPARE(result.error, QByteArray());
        QCOMPARE(result.code, 0);
        QCOMPARE(std::count(result.objects.begin(), result.objects.end(), Json()), 0);
        const Json* step = lastOf(result.objects, "step");
        QVERIFY(step != nullptr);
        QCOMPARE((*step)["step"].get<std::int64_t>(), std::int64_t(6));
        const Json& outcome = result.objects.back();
        QCOMPARE(outcome["outcome"].get<std::string>(), std::string("finished"));
        const QString checkpoint = QString::fromStdString(outcome["checkpoint"].get<std::string>());
        QCOMPARE(test::runCli({"inspect", checkpoint}).code, 0);
        if (method == "sft") {  // it may hold nothing out, and says so under a name
            const Json* warning = lastOf(result.objects, "warning");
            QVERIFY(warning != nullptr);
            QCOMPARE((*warning)["data"]["check"].get<std::string>(), std::string("nothing-held-out"));
            return;
        }
        QCOMPARE(outcome["heldout"].size(), std::size_t(7));
        QCOMPARE(outcome["heldout"]["heldout/drift_chosen"]["before"].get<double>(), 0.0);
        QCOMPARE(outcome["samples"].size(), std::size_t(3));  // before, at the evaluation of step 3, after
    }

    void comparesReportsAndExports()
    {
        const QStringList place{"--project", m_project};
        const test::CliResult compare = test::runCli(QStringList{"compare", "dpo-run", "orpo-run"} + place);
        QCOMPARE(compare.error, QByteArray());
        QVERIFY(compare.out.contains("accuracy"));
        const test::CliResult report = test::runCli(QStringList{"report", "dpo-run", "orpo-run"} + place);
        QCOMPARE(report.error, QByteArray());
        const std::string page = test::readFile(report.out.trimmed().toStdString());
        QVERIFY(page.find("<svg") != std::string::npos);
        const test::CliResult csv = test::runCli(QStringList{"runs", "export", "dpo-run"} + place);
        QCOMPARE(csv.out.count('\n'), 8);  // header, step 0 (held out) and six steps
        QVERIFY(csv.out.contains("rewards/margins"));
    }

    void plainOutputReadsWell()
    {
        const test::CliResult result = test::runCli(train("dpo", {"--eval-fraction", "0.2"}));
        QCOMPARE(result.code, 0);
        for (const char* part : {"method ", "model ", "Llama", "data ", "settings ", "reading ", "step 6 ", "loss ",
                                 "held out", "before", "stored in", "checkpoint"})
            QVERIFY2(result.out.contains(part), part);
        QVERIFY2(!result.out.contains('\x1b'), "no escape sequences in a pipe");
    }

    void scoresAreTheDifferenceOfTwoModels()
    {
        const QStringList words{"score", "--model", m_model, "--reference", m_model, "--data", m_data};
        const test::CliResult scores = test::runCli(words);
        QCOMPARE(scores.code, 0);
        QCOMPARE(scores.error,
                 QByteArray("scored 40 pairs; the chosen answer gained more on the reference than the rejected "
                            "one in 0 of 40 pairs, 40 ties\n"));
        QCOMPARE(scores.objects.size(), std::size_t(40));
        QCOMPARE(scores.objects.front()["margin"].get<double>(), 0.0);
        QVERIFY(scores.objects.front()["chosen_logp"].get<double>() < 0.0);
    }

    void generatesTheSameForTheSameSeed()
    {
        const QStringList words{
            "generate",         "--model", m_model,  "--prompt", "Once upon a time", "--temperature", "1",
            "--max-new-tokens", "20",      "--seed", "3"};
        const test::CliResult first = test::runCli(words);
        QCOMPARE(first.code, 0);
        QVERIFY(first.out.size() > 10);
        QCOMPARE(test::runCli(words).out, first.out);
    }

    void inspectTellsDataFromModelsFromProjects()
    {
        QVERIFY(test::runCli({"inspect", m_data}).out.contains("40"));
        QVERIFY(test::runCli({"inspect", m_model, "--tensors"}).out.contains("model.norm.weight"));
        QVERIFY(test::runCli({"inspect", m_project}).out.contains("project"));
        const test::CliResult json = test::runCli({"inspect", m_data, "--json"});
        QCOMPARE(json.objects.size(), std::size_t(1));
        QCOMPARE(json.objects.front()["rows"].get<int>(), 40);
    }

    // Here SFT learns the chosen answers of pairs, TRL's stops at them.
    void pairsForTrlsSftAreNotWrittenDown()
    {
        const QString target = test::textOf(m_folder / "sft.yaml");
        const test::CliResult refused =
            test::runCli({"train", "--method", "sft", "--model", m_model, "--data", m_data, "--trl-yaml", target});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.error.contains("takes texts, or prompts with completions"), refused.error.constData());
        QVERIFY(!QFile::exists(target));
    }

    void parityHoldsAndFailsWhereItShould()
    {
        const QString golden = QStringLiteral(PREFLAB_TEST_SHARED "/goldens/orpo.json");
        if (!QFile::exists(golden)) QSKIP("The goldens are not beside the project.");
        const test::CliResult good = test::runCli({"parity", "--golden", golden, "--model", m_model, "--json"});
        QCOMPARE(good.code, 0);
        QVERIFY(good.objects.back()["is_within"].get<bool>());
        // Another number in the golden is a deviation.
        std::string text = test::readFile(golden.toStdString());
        Json json = *parseJson(text);
        json["steps"][4]["loss"] = json["steps"][4]["loss"].get<double>() * 1.01;
        const auto wrong = test::writeFile(m_folder / "wrong.json", json.dump());
        QCOMPARE(test::runCli({"parity", "--golden", test::textOf(wrong), "--model", m_model}).code, 1);
    }

    void benchMeasuresBothMethods()
    {
        const test::CliResult bench =
            test::runCli({"bench", "--model", m_model, "--data", m_data, "--max-steps", "3", "--json"});
        QCOMPARE(bench.error, QByteArray());
        QCOMPARE(bench.objects.size(), std::size_t(2));
        for (const Json& object : bench.objects) {
            QVERIFY(object["pair_tokens_per_second"].get<double>() > 0.0);
            QVERIFY(object["seconds_to_first_step"].get<double>() > 0.0);
            QVERIFY(object["peak_memory_bytes"].get<double>() > 1e7);
        }
    }

    void theDemoShowsBothMethods()
    {
        if (!std::filesystem::exists(PREFLAB_SOURCE_FOLDER "/resources/demo/demo.json"))
            QSKIP("The demo's model has not been made yet.");
        test::CliProcess demo;
        demo.environment.insert("PREFLAB_RESOURCES", PREFLAB_SOURCE_FOLDER "/resources");
        demo.run({"demo", "--max-steps", "2", "--project", test::textOf(m_folder / "demo")});
        // The demo warms up for five steps, which is said, and nothing else is.
        for (const QByteArray& line : demo.error().split('\n'))
            QVERIFY2(line.isEmpty() || line.contains("Warm-up lasts as long"), demo.error().constData());
        QCOMPARE(demo.code(), 0);
        for (const char* part : {"asked", "before", "after dpo", "after orpo", "report"})
            QVERIFY2(demo.out().contains(part), part);
    }
};

QTEST_GUILESS_MAIN(RealRunsTest)
#include "real_runs_test.moc"
