// SPDX-License-Identifier: GPL-3.0-or-later
// Composing a run: fields and their errors, orders, differences, checks, text, and back from JSON.
#include "app/cli/command.h"
#include "app/cli/map_flag.h"
#include "app/cli/run_flags.h"
#include "support/fake_backend.h"
#include "support/results.h"
#include "ui/models/train/draft_checks.h"
#include "ui/models/train/draft_text.h"
#include "ui/models/train/run_draft.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <set>

using namespace preflab;

namespace {

const test::FakeBackend& backend()
{
    static const test::FakeBackend engine;
    return engine;
}

ModelReport reportOf(std::int64_t parameters)
{
    ModelReport report = *backend().inspectModel("models/tiny");
    report.parameters = parameters;
    return report;
}

/// A draft that can start.
void makeReady(RunDraft& draft, std::int64_t parameters = 135'000'000, std::uint32_t rows = 1000)
{
    draft.setModel("models/tiny", reportOf(parameters));
    draft.setData({"data/my pairs.jsonl", rows, RowKind::Preference});
}

double numberOf(const RunDraft& draft, const char* key)
{
    const ParamValue value = *draft.form().value(key);
    const auto* whole = std::get_if<std::int64_t>(&value);
    return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

/// What a shell makes of one command.
std::vector<std::string> wordsOf(QString command)
{
    QProcess shell;
    shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), command.replace(QStringLiteral("preflab-cli train"),
                                                                             QStringLiteral("printf '%s\\0'"))});
    shell.waitForFinished();
    std::vector<std::string> words;
    for (const QByteArray& word : shell.readAllStandardOutput().split('\0')) words.push_back(word.toStdString());
    words.pop_back();
    return words;
}

const DraftFinding* findingOf(const std::vector<DraftFinding>& findings, const std::string& key,
                              DraftFinding::Kind kind)
{
    const auto found = std::find_if(findings.begin(), findings.end(), [&](const DraftFinding& finding) {
        return finding.key == key && finding.kind == kind;
    });
    return found == findings.end() ? nullptr : &*found;
}

}  // namespace

class RunDraftTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choicesComeFromTheEngine()
    {
        RunDraft draft(backend().describeComponents());
        QStringList ids;
        for (const MethodChoice& choice : draft.choices()) ids << choice.id;
        QCOMPARE(ids, (QStringList{QStringLiteral("dpo"), QStringLiteral("orpo"), QStringLiteral("dpo+orpo")}));
        QVERIFY(draft.form().field("beta") != nullptr);
        QVERIFY(draft.form().field("lambda") == nullptr);
        draft.setChoice(QStringLiteral("dpo+orpo"));
        QVERIFY(draft.form().field("beta") != nullptr && draft.form().field("lambda") != nullptr);
        QVERIFY(draft.choice().isMatched());
    }

    void aTextThatIsNoValueStaysWithItsError()
    {
        RunDraft draft(backend().describeComponents());
        QSignalSpy changed(&draft.form(), &ParamFormModel::changed);
        draft.form().setText("beta", QStringLiteral("0"));
        const ParamField* beta = draft.form().field("beta");
        QCOMPARE(beta->text, QStringLiteral("0"));
        QVERIFY2(beta->error.contains(QStringLiteral("Beta is 0")), qPrintable(beta->error));
        QCOMPARE(std::get<double>(beta->value), 0.1);
        QVERIFY(!draft.form().isValid());
        draft.form().setText("beta", QStringLiteral("much"));
        QVERIFY(draft.form().field("beta")->error.contains(QStringLiteral("not a number")));
        // The other method and back: what is typed is not lost.
        draft.setChoice(QStringLiteral("dpo+orpo"));
        QCOMPARE(draft.form().field("beta")->text, QStringLiteral("much"));
        draft.form().setText("beta", QStringLiteral(" 0,25 "));
        QCOMPARE(draft.form().field("beta")->error, QString());
        QCOMPARE(numberOf(draft, "beta"), 0.25);
        QCOMPARE_GE(changed.count(), 3);
    }

    void proposalsFillWhatWasNotSet()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        QCOMPARE(numberOf(draft, "eval_fraction"), 0.1);
        QCOMPARE(draft.heldOutPairs(), 100U);
        QCOMPARE(draft.trainedPairs(), 900U);
        QCOMPARE(draft.steps().value(), 339);           // 900 pairs by 8 are 113 steps, three times
        QCOMPARE(numberOf(draft, "eval_steps"), 20.0);  // about ten evaluations
        QCOMPARE(numberOf(draft, "learning_rate"), 5e-6);
        draft.setModel("models/large", reportOf(7'000'000'000));
        QCOMPARE(numberOf(draft, "learning_rate"), 1e-6);
        draft.form().setText("learning_rate", QStringLiteral("2e-5"));
        draft.setModel("models/tiny", reportOf(1'000'000));
        QCOMPARE(numberOf(draft, "learning_rate"), 2e-5);
        draft.setEvalData(std::filesystem::path("data/held.jsonl"));
        QCOMPARE(draft.heldOutPairs(), 0U);
        QVERIFY(!draft.specs().front().params.contains("eval_fraction"));
    }

    void ordersHoldWhatDiffersFromTheDefaults()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.form().setText("beta", QStringLiteral("0.3"));
        draft.form().setText("max_steps", QStringLiteral("50"));
        const auto specs = draft.specs();
        QCOMPARE(specs.size(), 1U);
        QCOMPARE(specs.front().name, std::string("dpo-beta-0.3"));
        QVERIFY(specs.front().usableBy.empty());
        QCOMPARE(std::get<double>(specs.front().params.at("beta")), 0.3);
        QCOMPARE(std::get<std::int64_t>(specs.front().params.at("max_steps")), 50);
        QVERIFY(!specs.front().params.contains("weight_decay"));
        const ComponentDescription dpo = backend().describeComponents().front();
        QCOMPARE(test::problemOf(completeParams(specs.front().params, "dpo", dpo.params, dpo.defaults)), QString());
        std::set<std::string> keys;
        for (const DraftDifference& difference : draft.differences()) keys.insert(difference.key);
        for (const auto& [key, value] : specs.front().params) QVERIFY2(keys.contains(key), key.c_str());
        QCOMPARE(keys.size(), specs.front().params.size());
        draft.resetAll();
        QVERIFY(draft.differences().empty());
        QVERIFY(draft.specs().front().params.empty());
    }

    void rowsAreCountedAsTheyAreTrained()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        QVERIFY(draft.splitRule() == SplitRule::Automatic);
        QCOMPARE(draft.chatTemplate().id, std::string("chatml"));
        draft.form().setText("split", QStringLiteral("trl"));
        draft.form().setText("rendering", QStringLiteral("transcript"));
        QVERIFY(draft.splitRule() == SplitRule::Trl);
        QCOMPARE(draft.chatTemplate().id, std::string("transcript"));
    }

    void aMatchedPairSharesRowsAndSettings()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.setChoice(QStringLiteral("dpo+orpo"));
        draft.form().setText("lambda", QStringLiteral("0.5"));
        draft.form().setText("seed", QStringLiteral("7"));
        const auto specs = draft.specs();
        QCOMPARE(specs.size(), 2U);
        QCOMPARE(specs[0].method, std::string("dpo"));
        QCOMPARE(specs[1].method, std::string("orpo"));
        for (const RunSpec& spec : specs) {
            QCOMPARE(spec.usableBy, (std::vector<std::string>{"dpo", "orpo"}));
            QCOMPARE(std::get<std::int64_t>(spec.params.at("seed")), 7);
        }
        QVERIFY(!specs[0].params.contains("lambda"));
        QCOMPARE(std::get<double>(specs[1].params.at("lambda")), 0.5);
        draft.setName(QStringLiteral("trial"));
        QCOMPARE(draft.specs()[1].name, std::string("trial-orpo"));
    }

    void aRunWithDefaultsIsRepeatedWithThem()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft, 1'000'000);
        QVERIFY(numberOf(draft, "learning_rate") == 5e-5 && numberOf(draft, "eval_fraction") == 0.1);
        RunSpec spec;
        spec.method = "orpo";
        spec.model = "models/tiny";
        spec.data = "data/my pairs.jsonl";
        spec.params["lambda"] = 0.4;
        draft.take(spec);
        QCOMPARE(numberOf(draft, "learning_rate"), 1e-6);
        QCOMPARE(draft.heldOutPairs(), 0U);
        QVERIFY(draft.specs().front().params == spec.params);
        // Also when its model is read and its data is counted only afterwards.
        makeReady(draft, 2'000'000, 500);
        QVERIFY(draft.specs().front().params == spec.params);
    }

    void comesBackFromJson()
    {
        RunDraft draft(backend().describeComponents());
        draft.setChoice(QStringLiteral("orpo"));
        draft.setName(QStringLiteral("my run"));
        draft.setEvalData(std::filesystem::path("held.jsonl"));
        draft.setSamplePrompts({QStringLiteral("Hello?"), QStringLiteral("It's\nme")});
        draft.form().setText("lambda", QStringLiteral("0.7"));
        RunDraft other(backend().describeComponents());
        other.restore(*parseJson(draft.toJson().dump()));
        QCOMPARE(other.toJson().dump(), draft.toJson().dump());
        QCOMPARE(other.choice().id, QStringLiteral("orpo"));
        QCOMPARE(numberOf(other, "lambda"), 0.7);
        // What is wrong or unknown in it is skipped.
        Json damaged = draft.toJson();
        damaged["params"]["lambda"] = "many";
        damaged["params"]["beta9"] = 1.0;
        other.restore(damaged);
        QCOMPARE(numberOf(other, "lambda"), 0.1);
        damaged["method"] = "unheard-of";
        other.restore(damaged);
        QCOMPARE(other.choice().id, QStringLiteral("dpo"));
        other.restore(Json::array());
        QCOMPARE(other.choice().id, QStringLiteral("dpo"));
    }

    void problemsStandAtTheirFields()
    {
        RunDraft draft(backend().describeComponents());
        auto findings = checkDraft(draft, {});
        QVERIFY(findingOf(findings, "model", DraftFinding::Kind::Problem));
        QVERIFY(findingOf(findings, "data", DraftFinding::Kind::Problem));
        makeReady(draft);
        QCOMPARE(countOf(checkDraft(draft, {}), DraftFinding::Kind::Problem), 0);
        draft.form().setText("learning_rate", QStringLiteral("-1"));
        draft.form().setText("max_length", QStringLiteral("1"));
        findings = checkDraft(draft, {});
        QVERIFY(findingOf(findings, "learning_rate", DraftFinding::Kind::Problem));
        draft.form().reset("learning_rate");
        findings = checkDraft(draft, {});
        QCOMPARE(findings.front().key, std::string("max_length"));
        draft.setData({"texts.jsonl", 10, RowKind::Text});
        QVERIFY(findingOf(checkDraft(draft, {}), "data", DraftFinding::Kind::Problem));
    }

    void warningsBringTheirRemedies()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.form().setText("eval_fraction", QStringLiteral("0"));
        DraftFacts facts;
        facts.findings.identicalSides = 3;
        facts.truncation = TruncationSummary{1000, 31, 2, 1, 500, 2000};
        Estimate estimate;
        estimate.memoryBytes = 18'000'000'000;
        estimate.availableBytes = 15'000'000'000;
        facts.estimate = estimate;
        const auto findings = checkDraft(draft, facts);
        QCOMPARE(countOf(findings, DraftFinding::Kind::Problem), 0);
        for (const char* key : {"eval_fraction", "max_length", "per_device_train_batch_size"}) {
            const DraftFinding* finding = findingOf(findings, key, DraftFinding::Kind::Warning);
            QVERIFY2(finding && !finding->remedies.empty(), key);
            draft.form().setText(finding->remedies.front().key, finding->remedies.front().text);
        }
        QVERIFY(findingOf(findings, "data", DraftFinding::Kind::Warning)->place.has_value());
        QCOMPARE(numberOf(draft, "eval_fraction"), 0.1);
        QCOMPARE(numberOf(draft, "max_length"), 2000.0);
        QCOMPARE(numberOf(draft, "per_device_train_batch_size"), 4.0);
    }

    void aWarmUpThatItsScheduleDoesNotHaveIsWarnedOf()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.form().setText("warmup_steps", QStringLiteral("5"));
        QVERIFY(!findingOf(checkDraft(draft, {}), "warmup_steps", DraftFinding::Kind::Warning));
        draft.form().setText("lr_scheduler_type", QStringLiteral("constant"));
        const auto findings = checkDraft(draft, {});
        const DraftFinding* finding = findingOf(findings, "warmup_steps", DraftFinding::Kind::Warning);
        QVERIFY(finding && !finding->remedies.empty());
        draft.form().setText(finding->remedies.front().key, finding->remedies.front().text);
        QVERIFY(!findingOf(checkDraft(draft, {}), "warmup_steps", DraftFinding::Kind::Warning));
    }

    void yamlIsTrls()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.setChoice(QStringLiteral("orpo"));
        draft.form().setText("learning_rate", QStringLiteral("5e-6"));
        draft.form().setText("max_length", QStringLiteral("0"));
        const QString yaml = joined(trlYaml(draft));
        for (const char* line :
             {"model_name_or_path: models/tiny", "data_files: \"data/my pairs.jsonl\"", "\nbeta: 0.1",
              "learning_rate: 5.0e-6", "# default 1.0e-6", "max_length: 16777216 ", "# no limit, default 1024",
              "num_train_epochs: 3", "bf16: false ", "# PrefLab's eval_samples: true", "eval_strategy: steps",
              "save_strategy: \"no\"", "output_dir: runs/orpo-lambda-0.1"})
            QVERIFY2(yaml.contains(QLatin1String(line)),
                     qPrintable(QLatin1String(line) + QStringLiteral(" not in\n") + yaml));
        QVERIFY(!yaml.contains(QStringLiteral("lambda:")));
        // DPO takes null for no limit. What has another name or form in TRL is said in its words.
        QVERIFY(!yaml.contains(QStringLiteral("train_sampling_strategy")));
        draft.setChoice(QStringLiteral("dpo"));
        draft.form().setText("shuffle", QStringLiteral("false"));
        draft.form().setText("dtype", QStringLiteral("bfloat16"));
        const QString dpo = joined(trlYaml(draft));
        for (const char* line :
             {"max_length: null ", "train_sampling_strategy: sequential ", "bf16: true ", "# dtype bfloat16"})
            QVERIFY2(dpo.contains(QLatin1String(line)),
                     qPrintable(QLatin1String(line) + QStringLiteral(" not in\n") + dpo));
        // What the project made of the rows is said.
        QVERIFY(!dpo.contains(QStringLiteral("preflab-cli export")) && !dpo.contains(QStringLiteral("of each part")));
        DraftData edited = draft.data();
        edited.isEdited = true;
        edited.project = "/p";
        draft.setData(edited);
        QVERIFY(joined(trlYaml(draft))
                    .contains(QStringLiteral(
                        "preflab-cli export 'data/my pairs.jsonl' --project /p --output 'my pairs-for-trl.jsonl'")));
        draft.setChoice(QStringLiteral("orpo"));
        const auto lines = trlYaml(draft);
        const auto rate = std::find_if(lines.begin(), lines.end(), [](const DraftLine& line) {
            return line.text.startsWith(QStringLiteral("learning_rate"));
        });
        QVERIFY(rate != lines.end() && rate->isDifferent);
    }

    void theCommandLineOrdersTheSameRuns()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.setChoice(QStringLiteral("dpo+orpo"));
        draft.setName(QStringLiteral("it's mine"));
        draft.form().setText("beta", QStringLiteral("0.25"));
        draft.form().setText("lr_scheduler_type", QStringLiteral("cosine"));
        draft.form().setText("shuffle", QStringLiteral("false"));
        draft.form().setText("max_steps", QStringLiteral("40"));
        QStringList texts = joined(commandLines(draft)).split(QStringLiteral("preflab-cli"), Qt::SkipEmptyParts);
        const auto specs = draft.specs();
        QCOMPARE(texts.size(), qsizetype{2});
        const auto train = std::find_if(commands().begin(), commands().end(),
                                        [](const CommandInfo* command) { return command->id == "train"; });
        for (std::size_t i = 0; i < specs.size(); ++i) {
            const auto words = wordsOf(QStringLiteral("preflab-cli") + texts[static_cast<qsizetype>(i)]);
            const auto arguments = parseArguments("train", (*train)->flags(backend()), {}, words);
            QCOMPARE(test::problemOf(arguments), QString());
            QCOMPARE(arguments->text("method"), specs[i].method);
            QCOMPARE(arguments->text("data"), specs[i].data.string());
            QCOMPARE(arguments->text("name"), specs[i].name);
            QVERIFY(arguments->has("matched"));
            const auto params = parametersFrom(*arguments, backend(), specs[i].method);
            QCOMPARE(test::problemOf(params), QString());
            QVERIFY(*params == specs[i].params);
        }
    }

    void theCommandLineRepeatsTheColumns()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        QVERIFY(!joined(commandLines(draft)).contains(QStringLiteral("--map")));
        DraftData data = draft.data();
        data.columns.prompt = "the question";
        data.columns.chosen = "good";
        draft.setData(data);
        QVERIFY(draft.specs().front().columns == data.columns);
        const QString command = joined(commandLines(draft));
        QVERIFY2(command.contains(QStringLiteral("--map 'prompt=the question'")), qPrintable(command));
        const auto train = std::ranges::find(commands(), std::string("train"), &CommandInfo::id);
        const auto arguments = parseArguments("train", (*train)->flags(backend()), {}, wordsOf(command));
        QCOMPARE(test::problemOf(arguments), QString());
        QVERIFY(mappingFrom(*arguments) == data.columns);
    }

    void commandLineIsQuotedForTheShell()
    {
        RunDraft draft(backend().describeComponents());
        makeReady(draft);
        draft.setChoice(QStringLiteral("dpo+orpo"));
        draft.setSamplePrompts({QStringLiteral("It's?")});
        const QString command = joined(commandLines(draft));
        QCOMPARE(command.count(QStringLiteral("preflab-cli train")), 2);
        QCOMPARE(command.count(QStringLiteral("--matched")), 2);
        QVERIFY(command.contains(QStringLiteral("--data 'data/my pairs.jsonl' \\\n")));
        QVERIFY(command.contains(QStringLiteral("--sample-prompt 'It'\\''s?'")));
        QVERIFY(command.contains(QStringLiteral("--eval-fraction 0.1")));
    }
};

QTEST_GUILESS_MAIN(RunDraftTest)
#include "run_draft_test.moc"
