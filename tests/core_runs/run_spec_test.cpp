// SPDX-License-Identifier: GPL-3.0-or-later
// Defaults, ranges and the JSON round trip of what a user orders.
#include "core/runs/run_spec.h"

#include <QTest>

#include <algorithm>
#include <limits>
#include <set>

using namespace preflab;

namespace {

std::vector<ParamSpec> betaOnly()
{
    return {{"beta", "Beta", 0.1, 0.0, 10.0, false, {}, "help", "source"}};
}

Result<ParamValues> complete(const ParamValues& values)
{
    return completeParams(values, "dpo", betaOnly(), {});
}

}  // namespace

class RunSpecTest : public QObject {
    Q_OBJECT

private slots:
    void everyParameterDescribesItself()
    {
        std::set<std::string> keys;
        for (const ParamSpec& spec : trainingParams()) {
            QVERIFY2(keys.insert(spec.key).second, spec.key.c_str());
            QVERIFY2(validateParam(spec, spec.defaultValue), spec.key.c_str());
            QVERIFY(!spec.title.empty() && !spec.source.empty());
            QVERIFY2(spec.help.size() > 20 && spec.help.size() <= 110, spec.key.c_str());
            QVERIFY(spec.help.back() == '.');
            QVERIFY2(std::find(paramGroups().begin(), paramGroups().end(), spec.group) != paramGroups().end(),
                     spec.key.c_str());
        }
    }

    void slidersLieInTheRange()
    {
        for (const ParamSpec& spec : trainingParams()) {
            QCOMPARE(spec.usualMinimum.has_value(), spec.usualMaximum.has_value());
            if (!spec.usualMinimum) continue;
            QVERIFY2(*spec.usualMinimum < *spec.usualMaximum, spec.key.c_str());
            QVERIFY2(!spec.isLogScale || *spec.usualMinimum > 0.0, spec.key.c_str());
            for (const double end : {*spec.usualMinimum, *spec.usualMaximum}) {
                const bool isWhole = std::holds_alternative<std::int64_t>(spec.defaultValue);
                const ParamValue value = isWhole ? ParamValue(static_cast<std::int64_t>(end)) : ParamValue(end);
                QVERIFY2(validateParam(spec, value), spec.key.c_str());
            }
        }
    }

    void defaultsAreTrls()
    {
        const auto values = complete({});
        QVERIFY(values);
        const auto options = trainingOptions(*values);
        QVERIFY(options);
        QCOMPARE(options->learningRate, 1e-6);
        QCOMPARE(options->schedule, std::string("linear"));
        QCOMPARE(options->batchSize, std::int64_t{8});
        QCOMPARE(options->epochs, 3.0);
        QVERIFY(!options->maxSteps);
        QCOMPARE(options->maxLength, std::optional<std::int64_t>(1024));
        QCOMPARE(options->maxGradNorm, 1.0);
        QCOMPARE(options->dtype, std::string("float32"));
        QCOMPARE(options->seed, std::uint64_t{42});
        QVERIFY(options->isShuffled);
        QCOMPARE(std::get<double>(values->at("beta")), 0.1);
    }

    void valuesWinOverMethodDefaultsAndThoseOverTrls()
    {
        const auto byMethod = completeParams({}, "sft", {}, {{"learning_rate", 2e-5}, {"max_steps", std::int64_t{7}}});
        QCOMPARE(trainingOptions(*byMethod)->learningRate, 2e-5);
        const auto byUser = completeParams({{"learning_rate", 0.5}}, "sft", {}, {{"learning_rate", 2e-5}});
        QCOMPARE(trainingOptions(*byUser)->learningRate, 0.5);
        QCOMPARE(trainingOptions(*byMethod)->maxSteps, std::optional<std::int64_t>(7));
    }

    void numbersMayComeInEitherKind()
    {
        const auto options = trainingOptions(*complete({{"num_train_epochs", std::int64_t{2}}, {"max_steps", 5.0}}));
        QCOMPARE(options->epochs, 2.0);
        QCOMPARE(options->maxSteps, std::optional<std::int64_t>(5));
        const auto fraction = complete({{"max_steps", 5.5}});
        QVERIFY(!fraction);
    }

    void noTruncationAndText()
    {
        const auto options = trainingOptions(
            *complete({{"max_length", std::int64_t{0}}, {"split", "trl"}, {"rendering", "transcript"}}));
        QVERIFY(!options->maxLength);
        QVERIFY(!options->recipeOptions().maxLength);
        QCOMPARE(options->recipeOptions().split, SplitRule::Trl);
        QCOMPARE(options->chatTemplate->id, std::string("transcript"));
        const BatchPlanOptions plan = options->batchPlan(12);
        QCOMPARE(plan.pairs, 12U);
        QCOMPARE(plan.epochs, 3.0);
    }

    void outOfRange_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<double>("value");
        QTest::newRow("learning rate 0") << "learning_rate" << 0.0;
        QTest::newRow("learning rate NaN") << "learning_rate" << std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("learning rate negative") << "learning_rate" << -1e-6;
        QTest::newRow("learning rate infinite") << "learning_rate" << std::numeric_limits<double>::infinity();
        QTest::newRow("beta 0") << "beta" << 0.0;
        QTest::newRow("max length 1") << "max_length" << 1.0;
        QTest::newRow("max length negative") << "max_length" << -5.0;
        QTest::newRow("batch size 0") << "per_device_train_batch_size" << 0.0;
        QTest::newRow("accumulation 0") << "gradient_accumulation_steps" << 0.0;
        QTest::newRow("epochs 0") << "num_train_epochs" << 0.0;
        QTest::newRow("adam beta 1") << "adam_beta2" << 1.0;
        QTest::newRow("held-out share 1") << "eval_fraction" << 1.0;
        QTest::newRow("seed negative") << "seed" << -1.0;
    }

    void outOfRange()
    {
        QFETCH(QString, key);
        QFETCH(double, value);
        const auto values = complete({{key.toStdString(), value}});
        QVERIFY(!values);
        QCOMPARE(values.error().code, ErrorCode::ParameterOutOfRange);
        QCOMPARE(values.error().arguments.at("key"), key.toStdString());
        QVERIFY(!values.error().arguments.at("range").empty());
    }

    void wrongKeysAndKinds()
    {
        QCOMPARE(complete({{"learning-rat", 0.1}}).error().code, ErrorCode::UnknownParameter);
        QCOMPARE(complete({{"lr_scheduler_type", "zigzag"}}).error().code, ErrorCode::ParameterOutOfRange);
        QVERIFY(!complete({{"learning_rate", "fast"}}));
        QCOMPARE(trainingOptions({}).error().code, ErrorCode::Internal);
    }

    void jsonRoundTrip()
    {
        RunSpec spec;
        spec.name = "first";
        spec.method = "dpo";
        spec.model = "models/a";
        spec.data = "pairs.jsonl";
        spec.evalData = "held.jsonl";
        spec.params = {{"beta", 0.2}, {"max_steps", std::int64_t{40}}, {"shuffle", false}, {"dtype", "float64"}};
        spec.usableBy = {"dpo", "orpo"};
        spec.samplePrompts = {"Hello \"there\"\n"};
        spec.dataHash = "1f0c";
        QVERIFY(!toJson(spec).contains("columns"));
        spec.columns.prompt = "question";
        const auto back = runSpecFromJson(toJson(spec));
        QVERIFY(back);
        QCOMPARE(toJson(*back).dump(), toJson(spec).dump());
        QCOMPARE(back->dataHash, spec.dataHash);
        QVERIFY(back->params == spec.params);
        QVERIFY(back->columns == spec.columns);
        QCOMPARE(back->evalData->string(), std::string("held.jsonl"));
        spec.evalData.reset();
        QVERIFY(!runSpecFromJson(toJson(spec))->evalData);
    }

    void jsonFaults()
    {
        for (const char* text : {"[]", "{}", R"({"method":"dpo","model":3,"data":"x"})",
                                 R"({"method":"dpo","model":"m","data":"x","usable_by":"dpo"})",
                                 R"({"method":"dpo","model":"m","data":"x","columns":{"promt":"a"}})",
                                 R"({"method":"dpo","model":"m","data":"x","columns":["prompt"]})",
                                 R"({"method":"dpo","model":"m","data":"x","sample_prompts":[1]})",
                                 R"({"method":"dpo","model":"m","data":"x","params":{"a":[1]}})"}) {
            const auto spec = runSpecFromJson(*parseJson(text));
            QVERIFY2(!spec, text);
            QCOMPARE(spec.error().code, ErrorCode::ConfigInvalid);
        }
    }
};

QTEST_GUILESS_MAIN(RunSpecTest)
#include "run_spec_test.moc"
