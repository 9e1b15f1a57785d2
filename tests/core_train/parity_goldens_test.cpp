// SPDX-License-Identifier: GPL-3.0-or-later
// Golden runs of TRL repeated through the training loop: every logged number, gradients, final weights.
#include "core/base/json.h"
#include "core/train/backend/torch_backend.h"
#include "support/files.h"
#include "support/parity_excess.h"
#include "support/results.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(PREFLAB_TEST_SHARED) / "goldens";
const std::filesystem::path kModel = std::filesystem::path(PREFLAB_TEST_SHARED) / "assets/models/stories260K-hf";

Result<ParityReport> repeat(const std::filesystem::path& golden)
{
    return TorchBackend().parity({golden, kModel, 1}, {});
}

/// The row of that name; a row that is not there is not within.
ParityRow rowOf(const ParityReport& report, const char* metric)
{
    const auto row = std::ranges::find(report.rows, metric, &ParityRow::metric);
    return row == report.rows.end() ? ParityRow{} : *row;
}

/// The golden of that name as JSON.
Json golden(const char* name)
{
    return Json::parse(readFile(kGoldens / name));
}

}  // namespace

class ParityGoldensTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::filesystem::exists(kGoldens)) QSKIP("The golden runs are not beside the project.");
    }

    void equalsTrl_data()
    {
        QTest::addColumn<int>("steps");
        for (const auto& [name, steps] :
             std::initializer_list<std::pair<const char*, int>>{{"dpo_sigmoid", 10},
                                                                {"orpo", 10},
                                                                {"dpo_fp64", 3},
                                                                {"orpo_fp64", 3},
                                                                {"sft_fp64", 3},
                                                                {"sft_full", 10},
                                                                {"sft_completion_only", 8},
                                                                {"sft_accumulation", 6},
                                                                {"sft_truncation", 4},
                                                                {"sft_assistant_only", 3},
                                                                {"sft_eval", 4},
                                                                {"dpo_accumulation", 6},
                                                                {"dpo_accumulation_short_batch", 2},
                                                                {"dpo_beta_0.5", 3},
                                                                {"dpo_schedule", 10},
                                                                {"dpo_schedule_linear", 8},
                                                                {"dpo_truncation", 4},
                                                                {"dpo_eval", 4},
                                                                {"dpo_truncation_keep_end", 3},
                                                                {"dpo_conversational", 3},
                                                                {"dpo_implicit_prompt", 3},
                                                                {"dpo_precompute", 3},
                                                                {"dpo_sigmoid_smoothing_ignored", 3},
                                                                {"orpo_accumulation", 6},
                                                                {"orpo_beta_0.5", 3},
                                                                {"orpo_beta_1.0", 3},
                                                                {"orpo_truncation", 4},
                                                                {"orpo_conversational", 3},
                                                                {"orpo_eval", 4},
                                                                {"sft_dft", 3},
                                                                {"dpo_ld_alpha", 3},
                                                                {"dpo_fp64_ld_alpha", 3},
                                                                {"dpo_use_weighting", 3},
                                                                {"dpo_fp64_use_weighting", 3}})
            QTest::newRow(name) << steps;
    }
    void equalsTrl()
    {
        QFETCH(int, steps);
        const auto report = repeat(kGoldens / (std::string(QTest::currentDataTag()) + ".json"));
        QCOMPARE(problemOf(report), QString());
        QCOMPARE(excess(*report), QString());
        QVERIFY(report->isWithin());
        QCOMPARE(report->steps, steps);
        // Every golden has tensors, and all of them were compared.
        for (const char* metric : {"gradients l2", "gradients first", "gradients sum", "final_parameters l2"})
            QVERIFY2(rowOf(*report, metric).isWithin, metric);
    }

    void namesUnsupportedOptions_data()
    {
        QTest::addColumn<QString>("key");
        QTest::newRow("dpo_lora") << "lora";
        QTest::newRow("dpo_hinge") << "loss_type";
        QTest::newRow("dpo_multi_loss") << "loss_weights";
        QTest::newRow("dpo_fdiv_forward_kl") << "f_divergence_type";
        QTest::newRow("dpo_sync_ref_model") << "sync_ref_model";
        QTest::newRow("sft_packing_bfd") << "packing";
        QTest::newRow("sft_then_dpo") << "stages";
    }
    void namesUnsupportedOptions()
    {
        QFETCH(QString, key);
        const auto report = repeat(kGoldens / (std::string(QTest::currentDataTag()) + ".json"));
        QCOMPARE(codeOf(report), "golden-unsupported");
        QCOMPARE(argumentOf(report, "key"), key);
    }

    // A parity check that cannot fail proves nothing.
    void noticesDeviations()
    {
        std::string golden = readFile(kGoldens / "orpo_beta_0.5.json");
        const std::string key = "\"nll_loss\": ";
        const std::size_t digit = golden.rfind(key) + key.size();
        golden[digit] = golden[digit] == '3' ? '4' : '3';
        ScratchFolder folder;
        const auto report = repeat(writeFile(folder / "changed.json", golden));
        QCOMPARE(problemOf(report), QString());
        QVERIFY(!report->isWithin());
        QVERIFY(excess(*report).startsWith("nll_loss: "));
        QCOMPARE(excess(*report).count('\n'), 1);
    }

    // A tensor of the golden that the run does not have was never compared, and that is no agreement.
    void noticesTensorsThatWereNeverCompared_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("metric");
        QTest::newRow("gradient") << "gradients_step1"
                                  << "gradients l2";
        QTest::newRow("weight") << "final_parameters"
                                << "final_parameters l2";
    }
    void noticesTensorsThatWereNeverCompared()
    {
        QFETCH(QString, where);
        QFETCH(QString, metric);
        Json changed = golden("orpo_beta_0.5.json");
        Json& tensors = changed.at(where.toStdString());
        tensors["model.layers.9.mlp.up_proj.weight"] = tensors.at("model.norm.weight");
        ScratchFolder folder;
        const auto report = repeat(writeFile(folder / "changed.json", changed.dump()));
        QCOMPARE(problemOf(report), QString());
        QVERIFY(excess(*report).startsWith(metric + ": inf"));
        QCOMPARE(excess(*report).count('\n'), 1);
    }

    void noticesGradientsOfAStepThatWasNotDone()
    {
        Json changed = golden("orpo_fp64.json");
        changed.at("config").at("max_steps") = 2;
        changed.at("steps").erase(2);
        ScratchFolder folder;
        const auto report = repeat(writeFile(folder / "changed.json", changed.dump()));
        QCOMPARE(problemOf(report), QString());
        const ParityRow row = rowOf(*report, "gradients l2");
        QVERIFY(!row.isWithin && std::isinf(row.largestDeviation));
        QCOMPARE(row.worstStep, 3);
    }

    void noticesAWrongGradient()
    {
        Json changed = golden("orpo_beta_0.5.json");
        Json& length = changed.at("gradients_step1").at("model.norm.weight").at("l2");
        length = length.get<double>() * 1.001;
        ScratchFolder folder;
        const auto report = repeat(writeFile(folder / "changed.json", changed.dump()));
        QCOMPARE(problemOf(report), QString());
        QVERIFY(excess(*report).startsWith("gradients l2: "));
        QCOMPARE(excess(*report).count('\n'), 1);
    }

    void noticesReferencesThatWereNeverCompared()
    {
        Json changed = golden("dpo_beta_0.5.json");
        Json row = changed.at("rows").at(0);
        row["dropped"] = true;
        changed.at("rows").push_back(row);
        ScratchFolder folder;
        const auto report = repeat(writeFile(folder / "changed.json", changed.dump()));
        QCOMPARE(problemOf(report), QString());
        QVERIFY(excess(*report).startsWith("ref_chosen_logps: inf"));
    }

    void refusesOtherFiles()
    {
        ScratchFolder folder;
        QCOMPARE(codeOf(repeat(writeFile(folder / "a.json", R"({"case": "x"})"))), "config-invalid");
        QCOMPARE(codeOf(repeat(folder / "none.json")), "file-not-found");
    }
};

QTEST_GUILESS_MAIN(ParityGoldensTest)
#include "parity_goldens_test.moc"
