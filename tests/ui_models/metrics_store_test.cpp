// SPDX-License-Identifier: GPL-3.0-or-later
// Curves as columns: batches, axes, bins, smoothing.
#include "ui/models/runs/metrics_store.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace preflab;

namespace {

/// A log's rows of a loss with epochs, and an evaluation every ten steps.
std::vector<MetricRow> rowsOf(std::int64_t first, std::int64_t last)
{
    std::vector<MetricRow> rows;
    for (std::int64_t step = first; step <= last; ++step) {
        const auto at = static_cast<double>(step);
        rows.push_back({step, 0.5 * at, {{0, 1.0 / at}, {1, at / 100.0}}});
        if (step % 10 == 0) rows.push_back({step, 0.5 * at + 0.1, {{2, 2.0 / at}}});
    }
    return rows;
}

const std::vector<std::string> kNames{"loss", "epoch", "eval_loss"};

}  // namespace

class MetricsStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holdsOneSeriesForEachMetricInBatches()
    {
        MetricsStore store;
        store.append(rowsOf(1, 40), kNames);
        store.append(rowsOf(41, 100), kNames);
        QCOMPARE(store.names(), (std::vector<std::string>{"epoch", "eval_loss", "loss"}));
        const MetricSeries* loss = store.find("loss");
        QVERIFY(loss != nullptr);
        QCOMPARE(loss->size(), std::size_t{100});
        QCOMPARE(loss->last(), 0.01);
        QCOMPARE(loss->extremes().highest, 1.0);
        QCOMPARE(store.find("eval_loss")->size(), std::size_t{10});
        QCOMPARE(store.lastStep(), 100);
        QVERIFY(store.find("nothing") == nullptr);
        QVERIFY(std::isnan(store.last("nothing")));
        QCOMPARE(store.recentMean("loss", 2), (1.0 / 99 + 1.0 / 100) / 2);
    }

    void knowsWhereARowStandsOnEveryAxis()
    {
        MetricsStore store;
        store.append(rowsOf(1, 100), kNames);
        const MetricSeries& evaluated = *store.find("eval_loss");
        QCOMPARE(store.x(evaluated.row(4), XAxis::Step), 50.0);
        QCOMPARE(store.x(evaluated.row(4), XAxis::Epoch), 0.5);  // where training stood
        QCOMPARE(store.x(evaluated.row(4), XAxis::Seconds), 25.1);
        QVERIFY(store.has(XAxis::Epoch));
        QVERIFY(!store.has(XAxis::Tokens));
        QCOMPARE(store.xOfStep(50.0, XAxis::Epoch), 0.5);
        QCOMPARE(store.xOfStep(200.0, XAxis::Epoch), 2.0);  // at the pace so far
        const MetricSeries& loss = *store.find("loss");
        QCOMPARE(store.firstFrom(loss, XAxis::Step, 7.5), std::size_t{7});
        QCOMPARE(store.nearest(loss, XAxis::Step, 7.4), std::size_t{6});
        QCOMPARE(store.nearest(loss, XAxis::Step, 1000.0), std::size_t{99});
    }

    void tellsHeldOutMetricsByName()
    {
        QVERIFY(isHeldOutMetric("eval_rewards/margins"));
        QVERIFY(isHeldOutMetric("heldout/accuracy_sum"));
        QVERIFY(!isHeldOutMetric("rewards/margins"));
        QCOMPARE(heldOutCounterpart("loss"), std::string("eval_loss"));
    }

    void computesTheShareOfThePreference()
    {
        MetricsStore store;
        store.append({{1, 0.0, {{0, 2.0}, {1, 1.9}}}, {2, 0.0, {{0, 2.0}}}}, {"loss", "nll_loss"});
        const MetricSeries* share = store.find(kPreferenceShare);
        QVERIFY(share != nullptr);
        QCOMPARE(share->size(), std::size_t{1});
        QVERIFY(std::abs(share->value(0) - 0.05) < 1e-12);
    }

    void binsAreTheExtremesOfTheirValues()
    {
        std::mt19937 generator(7);
        std::normal_distribution<double> noise;
        MetricSeries series;
        for (std::uint32_t i = 0; i < 20'000; ++i) series.append(i, i == 777 ? std::nan("") : noise(generator));
        for (int level = 0; level < 5; ++level) {
            const std::size_t size = ExtremesBins::binSize(level);
            const auto& bins = series.bins().level(level);
            QCOMPARE(bins.size(), (series.size() + size - 1) / size);
            for (std::size_t bin = 0; bin < bins.size(); ++bin) {
                Extremes expected;
                for (std::size_t i = bin * size; i < std::min((bin + 1) * size, series.size()); ++i)
                    expected.add(series.value(i));
                QVERIFY(bins[bin] == expected);
            }
        }
        QVERIFY(series.bins().over(series.values(), 0, series.size()) == series.extremes());
        QCOMPARE(ExtremesBins::levelFor(1000, 1600), -1);
        QCOMPARE(ExtremesBins::levelFor(20'000, 1600), 1);
    }

    void smoothingIsDebiasedAndContinued()
    {
        const std::vector<double> values{1.0, 3.0, std::nan(""), 5.0};
        SmoothedView view;
        view.setWeight(0.5);
        view.update({values.begin(), values.begin() + 2});
        QCOMPARE(view.values()[0], 1.0);  // no pull to 0 at the beginning
        QCOMPARE(view.values()[1], (0.5 * 0.5 * 1.0 + 0.5 * 3.0) / 0.75);
        view.update(values);
        QCOMPARE(view.values().size(), std::size_t{4});
        QVERIFY(std::isnan(view.values()[2]));
        SmoothedView atOnce;
        atOnce.setWeight(0.5);
        atOnce.update(values);
        QCOMPARE(view.values()[3], atOnce.values()[3]);
        atOnce.setWeight(0.0);
        atOnce.update(values);
        QCOMPARE(atOnce.values()[3], 5.0);
    }
};

QTEST_MAIN(MetricsStoreTest)
#include "metrics_store_test.moc"
