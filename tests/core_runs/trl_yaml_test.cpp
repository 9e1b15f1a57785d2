// SPDX-License-Identifier: GPL-3.0-or-later
// A run as TRL reads it.
#include "core/runs/prepare_notes.h"
#include "core/runs/trl_yaml.h"
#include "support/fake_backend.h"

#include <QtTest>

#include <algorithm>

using namespace preflab;

namespace {

ComponentDescription methodOf(const std::string& id)
{
    for (const ComponentDescription& method : test::FakeBackend().describeComponents())
        if (method.id == id) return method;
    return {};
}

RunSpec spec(const std::string& method, const ParamValues& params)
{
    RunSpec spec;
    spec.method = method;
    spec.name = method;
    spec.model = "models/tiny";
    spec.data = "data/my pairs.jsonl";
    spec.params = params;
    return spec;
}

void verifyLines(const std::string& yaml, const std::vector<const char*>& lines)
{
    for (const char* line : lines)
        QVERIFY2(yaml.find(line) != std::string::npos, (std::string(line) + " not in\n" + yaml).c_str());
}

}  // namespace

class TrlYamlTest : public QObject {
    Q_OBJECT

private slots:
    void speaksTrlsNames()
    {
        const std::string yaml =
            joined(trlYaml(spec("orpo", {{"learning_rate", 5e-6}, {"max_length", std::int64_t{0}}}), methodOf("orpo")));
        verifyLines(yaml, {"model_name_or_path: models/tiny\n",
                           "datasets:\n  - path: json\n    data_files: \"data/my pairs.jsonl\"\n", "\nbeta: 0.1",
                           "learning_rate: 5.0e-6", "max_length: 16777216 ", "num_train_epochs: 3", "bf16: false ",
                           "eval_strategy: \"no\"", "save_strategy: \"no\"", "output_dir: runs/orpo\n"});
        QVERIFY(yaml.find("lambda:") == std::string::npos);
        QVERIFY(yaml.find("train_sampling_strategy") == std::string::npos);
    }

    void writesWhatDiffersInTrlsForm()
    {
        RunSpec dpo = spec("dpo", {{"shuffle", false},
                                   {"dtype", std::string("bfloat16")},
                                   {"max_length", std::int64_t{0}},
                                   {"eval_steps", std::int64_t{20}},
                                   {"max_steps", std::int64_t{50}}});
        dpo.evalData = "held.jsonl";
        verifyLines(joined(trlYaml(dpo, methodOf("dpo"))),
                    {"max_length: null ", "train_sampling_strategy: sequential ", "bf16: true ", "# dtype bfloat16",
                     "# PrefLab's eval data: held.jsonl\n", "max_steps: 50"});
    }

    // TRL reads a file through a reader, whose name is not the file's, and takes a path for a pattern.
    void filesAreNamedAsTrlReadsThem()
    {
        RunSpec run = spec("dpo", {});
        const std::pair<const char*, const char*> files[] = {
            {"a.jsonl", "json"}, {"a.CSV", "csv"},      {"a.csv.gz", "csv"},     {"a.tsv", "csv"},
            {"a", "json"},       {"a.json.gz", "json"}, {"a.parquet", "parquet"}};
        for (const auto& [file, reader] : files) {
            run.data = file;
            verifyLines(joined(trlYaml(run, methodOf("dpo"))),
                        {(std::string("- path: ") + reader + "\n").c_str(), file});
        }
        run.data = "/x/[1]*?.jsonl";
        verifyLines(joined(trlYaml(run, methodOf("dpo"))), {"data_files: \"/x/[[]1][*][?].jsonl\"\n"});
    }

    // TRL stops where eval_strategy is on and nothing is held out as it understands it.
    void evaluationIsOnWhereTrlHasSomethingToEvaluate()
    {
        const ParamValues every{{"eval_steps", std::int64_t{20}}};
        RunSpec run = spec("dpo", every);
        verifyLines(joined(trlYaml(run, methodOf("dpo"))), {"\n# PrefLab's eval_steps: 20", "eval_strategy: \"no\"\n"});
        run.params["eval_fraction"] = 0.25;
        verifyLines(joined(trlYaml(run, methodOf("dpo"))),
                    {"\ntest_split_size: 0.25 ", "\neval_steps: 20", "eval_strategy: steps\n"});
        run.evalData = "held.jsonl";
        const std::string own = joined(trlYaml(run, methodOf("dpo")));
        verifyLines(own,
                    {"\n# PrefLab's eval_steps: 20", "eval_strategy: \"no\"\n", "so evaluation is off; TRL evaluates"});
        QVERIFY(own.find("test_split_size") == std::string::npos);
    }

    void whatTheFileLacksIsSaidWithTheCommandThatWritesIt()
    {
        RunSpec run = spec("dpo", {});
        run.data = "/x/a b.csv.gz";
        QVERIFY(joined(trlYaml(run, methodOf("dpo"), {.kind = RowKind::Preference, .project = "/p"})).find("/p") ==
                std::string::npos);
        run.columns.chosen = "good";
        verifyLines(
            joined(trlYaml(run, methodOf("dpo"), {.isEdited = true, .isUnreadable = true, .project = "/my p"})),
            {"edited, swapped or left out in the project /my p", "good as chosen", "cannot be read",
             "preflab-cli export '/x/a b.csv.gz' --map chosen=good --project '/my p' --output 'a b-for-trl.jsonl'"});
        verifyLines(joined(trlYaml(run, methodOf("orpo"))),
                    {"TRL has no command for ORPO", "once a first run has made a project"});
    }

    // TRL, too, passes the epochs over then.
    void epochsBesideANumberOfStepsAreNoted()
    {
        const auto noteOn = [](const ParamValues& params) { return epochsNote(spec("dpo", params)).value_or(""); };
        QCOMPARE(
            noteOn({{"max_steps", std::int64_t{2}}, {"num_train_epochs", 5.0}}),
            std::string("The run takes 2 steps (max_steps); the epochs (5 as num_train_epochs) have no effect beside "
                        "that."));
        QCOMPARE(noteOn({{"max_steps", std::int64_t{2}}}), std::string());
        QCOMPARE(noteOn({{"max_steps", std::int64_t{-1}}, {"num_train_epochs", 5.0}}), std::string());
    }

    // Here SFT takes the chosen answers of pairs, TRL's stops at them.
    void pairsAreNothingForTrlsSft()
    {
        ComponentDescription sft = methodOf("dpo");
        sft.recipe = "sft";
        sft.title = "SFT";
        const RunSpec run = spec("sft", {});
        QVERIFY(!trlRefusal(run, sft, RowKind::Text));
        QVERIFY(!trlRefusal(run, methodOf("dpo"), RowKind::Preference));
        const auto refusal = trlRefusal(run, sft, RowKind::Preference);
        QVERIFY(refusal && refusal->find("my pairs.jsonl holds pairs") != std::string::npos);
        verifyLines(joined(trlYaml(run, sft, {.kind = RowKind::Preference})), {"# TRL's SFT takes texts, or prompts"});
    }

    // DPOConfig takes a list of losses, SFTConfig a word.
    void lossesAreInTheFormOfTheirTrainer()
    {
        for (const bool needsReference : {true, false}) {
            ComponentDescription method = methodOf("dpo");
            method.needsReference = needsReference;
            std::erase_if(method.params, [](const ParamSpec& param) { return param.key == "loss_type"; });
            method.params.push_back(
                {.key = "loss_type", .title = "Loss", .defaultValue = std::string("dft"), .group = "Preference"});
            verifyLines(joined(trlYaml(spec("dpo", {}), method)),
                        {needsReference ? "\nloss_type: [dft]" : "\nloss_type: dft"});
        }
    }

    void marksWhatDiffers()
    {
        const auto lines = trlYaml(spec("dpo", {{"learning_rate", 1e-4}}), methodOf("dpo"));
        for (const ConfigLine& line : lines)
            QVERIFY2(line.isDifferent == line.text.starts_with("learning_rate"), line.text.c_str());
    }

    // YAML 1.1 reads bare words such as no as truth values.
    void textsAreTexts()
    {
        RunSpec run = spec("dpo", {});
        run.name = "my run";
        run.data = "No";
        run.model = "a: b\n#c";
        verifyLines(joined(trlYaml(run, methodOf("dpo"))),
                    {"output_dir: \"runs/my run\"\n", "data_files: \"No\"\n", "model_name_or_path: \"a: b\\n#c\"\n"});
    }
};

QTEST_GUILESS_MAIN(TrlYamlTest)
#include "trl_yaml_test.moc"
