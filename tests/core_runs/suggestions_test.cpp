// SPDX-License-Identifier: GPL-3.0-or-later
// Shares as rows, and proposals by size.
#include "core/runs/suggestions.h"

#include <QtTest>

using namespace preflab;

class SuggestionsTest : public QObject {
    Q_OBJECT

private slots:
    void sharesBecomeRows()
    {
        QCOMPARE(heldOutRows(1000, 0.1), 100U);
        QCOMPARE(heldOutRows(25, 0.1), 3U);
        QCOMPARE(heldOutRows(10, 0.01), 1U);
        QCOMPARE(heldOutRows(10, 0.99), 9U);
        QCOMPARE(heldOutRows(2, 0.5), 1U);
        QCOMPARE(heldOutRows(1, 0.5), 0U);
        QCOMPARE(heldOutRows(0, 0.5), 0U);
        QCOMPARE(heldOutRows(1000, 0.0), 0U);
    }

    void smallModelsGetLargerRates()
    {
        QCOMPARE(suggestedLearningRate(260'000).value(), 5e-5);
        QCOMPARE(suggestedLearningRate(135'000'000).value(), 5e-6);
        QVERIFY(!suggestedLearningRate(7'000'000'000));
        QVERIFY(!suggestedLearningRate(0));
    }

    void evaluationsComeAboutTenTimes()
    {
        QCOMPARE(suggestedEvaluationInterval(339), std::int64_t(20));
        QCOMPARE(suggestedEvaluationInterval(5), std::int64_t(1));
        QCOMPARE(suggestedEvaluationInterval(5000), std::int64_t(500));
    }
};

QTEST_GUILESS_MAIN(SuggestionsTest)
#include "suggestions_test.moc"
