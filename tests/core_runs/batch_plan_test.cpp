// SPDX-License-Identifier: GPL-3.0-or-later
// The order of pairs, short batches and groups, and the epoch that is logged.
#include "core/base/json.h"
#include "core/runs/batch_plan.h"

#include <QTest>

#include <filesystem>

using namespace preflab;

namespace {

using Rows = std::vector<std::uint32_t>;

BatchPlanOptions options(std::uint32_t pairs, std::int64_t batch, std::int64_t accumulation, double epochs)
{
    BatchPlanOptions result;
    result.pairs = pairs;
    result.batchSize = batch;
    result.gradientAccumulation = accumulation;
    result.epochs = epochs;
    return result;
}

Rows rowsOf(const BatchPlan& plan, std::int64_t first, std::int64_t last)
{
    Rows rows;
    for (std::int64_t step = first; step <= last; ++step) {
        for (const Rows& batch : plan.batchesOf(step).microBatches) rows.insert(rows.end(), batch.begin(), batch.end());
    }
    return rows;
}

}  // namespace

class BatchPlanTest : public QObject {
    Q_OBJECT

private slots:
    // randperm(10) of seeds 42 and 43, executed in TRL (trl-spec section 3).
    void everyEpochIsDrawnFromSeedAndNumber()
    {
        const BatchPlan plan(options(10, 5, 1, 2));
        QCOMPARE(plan.stepsPerEpoch(), std::int64_t{2});
        QCOMPARE(plan.totalSteps(), std::int64_t{4});
        QCOMPARE(rowsOf(plan, 1, 2), (Rows{2, 6, 1, 8, 4, 5, 0, 9, 3, 7}));
        QCOMPARE(rowsOf(plan, 3, 4), (Rows{8, 4, 9, 0, 5, 1, 6, 7, 2, 3}));
        QCOMPARE(rowsOf(plan, 1, 2), (Rows{2, 6, 1, 8, 4, 5, 0, 9, 3, 7}));  // any order of asking
    }

    void fileOrderWithoutShuffling()
    {
        BatchPlanOptions inOrder = options(5, 2, 1, 2);
        inOrder.isShuffled = false;
        const BatchPlan plan(inOrder);
        QCOMPARE(rowsOf(plan, 1, 6), (Rows{0, 1, 2, 3, 4, 0, 1, 2, 3, 4}));
        QCOMPARE(plan.batchesOf(3).microBatches, (std::vector<Rows>{{4}}));
    }

    void lastGroupOfAnEpochIsShort()
    {
        const BatchPlan plan(options(9, 2, 2, 2));
        QCOMPARE(plan.totalSteps(), std::int64_t{6});
        QCOMPARE(plan.batchesOf(1).microBatches.size(), std::size_t{2});
        const StepBatches last = plan.batchesOf(3);
        QCOMPARE(last.microBatches.size(), std::size_t{1});
        QCOMPARE(last.microBatches.front().size(), std::size_t{1});
        QCOMPARE(last.step, std::int64_t{3});
    }

    void stepsDecideWhenGiven()
    {
        BatchPlanOptions limited = options(4, 2, 1, 3);
        limited.maxSteps = 5;
        const BatchPlan plan(limited);
        QCOMPARE(plan.totalSteps(), std::int64_t{5});
        QCOMPARE(plan.batchesOf(5).epoch, 2.5);
        QCOMPARE(BatchPlan(options(10, 4, 1, 0.5)).totalSteps(), std::int64_t{2});  // ceil(0.5 x 3)
        QCOMPARE(BatchPlan(options(0, 4, 1, 3)).totalSteps(), std::int64_t{0});
        QCOMPARE(BatchPlan(options(1, 8, 4, 3)).totalSteps(), std::int64_t{3});
    }

    // Two processes take together, step by step, what one takes alone, and nothing twice.
    void processesShareTheSteps()
    {
        const auto sharedBy = [](std::int64_t rank, std::int64_t size, std::int64_t accumulation) {
            BatchPlanOptions shared = options(23, 2, accumulation, 2);
            shared.rank = rank;
            shared.size = size;
            return BatchPlan(shared);
        };
        const BatchPlan alone = sharedBy(0, 1, 4), first = sharedBy(0, 2, 2), second = sharedBy(1, 2, 2);
        QCOMPARE(first.totalSteps(), alone.totalSteps());
        QCOMPARE(second.totalSteps(), alone.totalSteps());
        for (std::int64_t step = 1; step <= alone.totalSteps(); ++step) {
            const auto a = first.batchesOf(step).microBatches, b = second.batchesOf(step).microBatches;
            const auto all = alone.batchesOf(step).microBatches;
            QCOMPARE(a.size() + b.size(), all.size());
            for (std::size_t i = 0; i < all.size(); ++i) QCOMPARE(i % 2 == 0 ? a[i / 2] : b[i / 2], all[i]);
            QCOMPARE(second.batchesOf(step).epoch, alone.batchesOf(step).epoch);
        }
        const BatchPlanOptions both = [] {
            BatchPlanOptions shared = options(23, 2, 2, 2);
            shared.rank = 1;
            shared.size = 2;
            return shared.ofAll();
        }();
        QCOMPARE(rowsOf(BatchPlan(both), 1, 6), rowsOf(alone, 1, 6));
        // A short group of one micro-batch leaves the second process without any.
        BatchPlanOptions few = options(1, 2, 2, 1);
        few.rank = 1;
        few.size = 2;
        QVERIFY(BatchPlan(few).batchesOf(1).microBatches.empty());
    }

    void epochsAsTrlLogsThem_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* name : {"dpo_accumulation", "dpo_accumulation_short_batch", "dpo_sigmoid",
                                 "dpo_implicit_prompt", "sft_accumulation"})
            QTest::newRow(name) << QString(name);
    }

    void epochsAsTrlLogsThem()
    {
        QFETCH(QString, file);
        const auto path = std::filesystem::path(PREFLAB_TEST_SHARED) / "goldens" / (file.toStdString() + ".json");
        if (!std::filesystem::exists(path)) QSKIP("TRL's recorded runs are not beside the project");
        const auto golden = readJsonFile(path, 64 << 20);
        QVERIFY(golden);
        const Json& config = golden->at("config");
        const BatchPlan plan(options(static_cast<std::uint32_t>(golden->at("rows").size()),
                                     config.at("per_device_train_batch_size").get<std::int64_t>(),
                                     config.at("gradient_accumulation_steps").get<std::int64_t>(),
                                     config.at("num_train_epochs").get<double>()));
        const Json& steps = golden->at("steps");
        QCOMPARE(plan.totalSteps(), static_cast<std::int64_t>(steps.size()));
        for (const Json& step : steps) {
            const StepBatches batches = plan.batchesOf(step.at("step").get<std::int64_t>());
            QCOMPARE(batches.epoch, step.at("epoch").get<double>());
            QCOMPARE(batches.microBatches.size(), step.at("micro_batch_losses").size());
        }
    }
};

QTEST_GUILESS_MAIN(BatchPlanTest)
#include "batch_plan_test.moc"
