// SPDX-License-Identifier: GPL-3.0-or-later
// The order of rows is torch's, and purposes do not share seeds.
#include "core/base/rng.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace preflab;

class RngTest : public QObject {
    Q_OBJECT

private slots:
    void permutationsAreTorchs_data()
    {
        // torch.randperm(10) of a CPU generator with this seed.
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<QList<int>>("order");
        QTest::newRow("0") << quint64{0} << QList<int>{4, 1, 7, 5, 3, 9, 0, 8, 6, 2};
        QTest::newRow("1") << quint64{1} << QList<int>{5, 6, 1, 2, 0, 8, 9, 3, 7, 4};
        QTest::newRow("42") << quint64{42} << QList<int>{2, 6, 1, 8, 4, 5, 0, 9, 3, 7};
        QTest::newRow("43") << quint64{43} << QList<int>{8, 4, 9, 0, 5, 1, 6, 7, 2, 3};
    }

    void permutationsAreTorchs()
    {
        QFETCH(quint64, seed);
        QFETCH(QList<int>, order);
        const auto found = randomPermutation(10, seed);
        QCOMPARE(QList<int>(found.begin(), found.end()), order);
        QVERIFY(randomPermutation(10, seed + (std::uint64_t{1} << 32)) == found);
    }

    void permutationsHoldEveryRowOnce()
    {
        QVERIFY(randomPermutation(0, 1).empty());
        QCOMPARE(randomPermutation(1, 1).size(), std::size_t{1});
        auto order = randomPermutation(10'007, 5);
        QVERIFY(!std::is_sorted(order.begin(), order.end()));
        std::sort(order.begin(), order.end());
        for (std::uint32_t i = 0; i < order.size(); ++i) QCOMPARE(order[i], i);
    }

    void purposesHaveSeedsOfTheirOwn()
    {
        std::set<std::uint64_t> seeds;
        for (const std::uint64_t seed : {0, 1, 42}) {
            QCOMPARE(seedFor(seed, SeedPurpose::RowOrder), seed);
            for (const auto purpose : {SeedPurpose::RowOrder, SeedPurpose::HeldOutSplit, SeedPurpose::Sampling,
                                       SeedPurpose::Initialisation, SeedPurpose::Dropout}) {
                seeds.insert(seedFor(seed, purpose));
            }
        }
        QCOMPARE(seeds.size(), std::size_t{15});
    }
};

QTEST_GUILESS_MAIN(RngTest)
#include "rng_test.moc"
