// SPDX-License-Identifier: GPL-3.0-or-later
// The tolerances of parity are those that the goldens' own description recommends.
#include "core/plan/parity_table.h"

#include <QTest>

#include <limits>

using namespace preflab;

namespace {

/// Whether a deviation of `actual` from `expected` passes in a float32 run.
bool passes(const char* key, double beta, double expected, double actual)
{
    ParityTable table("float32", beta);
    table.addMetric(key, 1, expected, actual);
    return table.rows().front().isWithin;
}

}  // namespace

class ParityTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // 5e-5 at beta 0.1, in proportion to beta, whatever the reward's size.
    void rewardsScaleWithBeta()
    {
        for (const char* key : {"rewards/chosen", "rewards/rejected", "rewards/margins", "eval_rewards/margins"}) {
            QVERIFY(passes(key, 0.1, 0.3, 0.3 + 4.9e-5));
            QVERIFY(!passes(key, 0.1, 0.3, 0.3 + 5.1e-5));
            QVERIFY(passes(key, 0.5, 100.0, 100.0 + 2.4e-4));
            QVERIFY(!passes(key, 0.5, 100.0, 100.0 + 2.6e-4));
            QVERIFY(passes(key, 0.01, 0.3, 0.3 + 4.9e-6));
            QVERIFY(!passes(key, 0.01, 0.3, 0.3 + 5.1e-6));
        }
    }

    void otherMetricsAreRelative()
    {
        const auto isRelative = [](const char* key, double tolerance) {
            return passes(key, 0.1, 3.0, 3.0 * (1.0 + 0.98 * tolerance)) &&
                   !passes(key, 0.1, 3.0, 3.0 * (1.0 + 1.02 * tolerance));
        };
        QVERIFY(isRelative("entropy", 2e-5));
        QVERIFY(isRelative("eval_entropy", 2e-5));
        QVERIFY(isRelative("logps/chosen", 5e-6));
        QVERIFY(isRelative("logits/rejected", 5e-6));
        QVERIFY(isRelative("grad_norm", 2e-4));
        QVERIFY(passes("loss", 0.1, 3.0, 3.0 + 6e-5) && !passes("loss", 0.1, 3.0, 3.0 + 6.3e-5));
        for (const char* exact : {"rewards/accuracies", "mean_token_accuracy", "num_tokens", "learning_rate"})
            QVERIFY(!passes(exact, 0.1, 0.5, 0.5 + 2e-6));
    }

    void whatIsNotThereIsNeverWithin()
    {
        ParityTable table("float64", 0.1);
        table.addMissing("loss", 2);
        table.addMetric("entropy", 1, 1.0, std::numeric_limits<double>::quiet_NaN());
        for (const ParityRow& row : table.rows()) QVERIFY(!row.isWithin);
    }
};

QTEST_GUILESS_MAIN(ParityTableTest)
#include "parity_table_test.moc"
