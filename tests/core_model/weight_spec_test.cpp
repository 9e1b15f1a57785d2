// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that share a tensor of the files: shapes that add up, and the mistakes an architecture can make.
#include "core/model/weight_spec.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

WeightSpec sliced(const char* name, std::int64_t rows, std::int64_t first, std::int64_t groupSize = 8,
                  std::int64_t groups = 1)
{
    return {.name = name,
            .role = WeightRole::Query,
            .shape = {rows * groups, 5},
            .source = {"fused", WeightSlice{0, groups, groupSize, first, rows}, false}};
}

}  // namespace

class WeightSpecTest : public QObject {
    Q_OBJECT

private slots:
    void plainWeightsAreTheirOwnTensors()
    {
        const auto files = fileTensorsOf({{.name = "b", .shape = {2, 3}}, {.name = "a", .shape = {4}}});
        QCOMPARE(problemOf(files), QString());
        QCOMPARE(files->size(), std::size_t{2});
        QCOMPARE(files->front().name, std::string("a"));
        QVERIFY(files->front().isPlain() && files->back().shape == (std::vector<std::int64_t>{2, 3}));
    }

    void transposedWeightsLieTheOtherWayRound()
    {
        const auto files = fileTensorsOf({{.name = "a", .shape = {2, 3}, .source = {"conv", std::nullopt, true}}});
        QCOMPARE(problemOf(files), QString());
        QCOMPARE(files->front().name, std::string("conv"));
        QVERIFY(files->front().shape == (std::vector<std::int64_t>{3, 2}) && !files->front().isPlain());
    }

    void slicesMakeOneTensor()
    {
        const auto files = fileTensorsOf({sliced("q", 4, 0), sliced("k", 2, 4), sliced("v", 2, 6)});
        QCOMPARE(problemOf(files), QString());
        QCOMPARE(files->size(), std::size_t{1});
        QVERIFY(files->front().shape == (std::vector<std::int64_t>{8, 5}));
        QCOMPARE(files->front().parts.size(), std::size_t{3});
        const auto grouped = fileTensorsOf({sliced("q", 4, 0, 8, 3), sliced("k", 4, 4, 8, 3)});
        QVERIFY(grouped->front().shape == (std::vector<std::int64_t>{24, 5}));
    }

    void slicesThatDoNotAddUpAreAnError()
    {
        const auto reason = [](const std::vector<WeightSpec>& weights) {
            const auto files = fileTensorsOf(weights);
            return codeOf(files) + ": " + argumentOf(files, "reason");
        };
        QVERIFY(reason({sliced("q", 4, 0), sliced("k", 2, 4)}).contains("leave a part of it out"));
        QVERIFY(reason({sliced("q", 4, 0), sliced("k", 4, 3)}).contains("do not follow one another"));
        QVERIFY(reason({sliced("q", 4, 0), sliced("k", 4, 4, 9)}).contains("see different shapes"));
        WeightSpec wrong = sliced("q", 8, 0);
        wrong.shape = {7, 5};
        QVERIFY(reason({wrong}).contains("see different shapes"));
        const WeightSpec plain{.name = "a", .shape = {8, 5}, .source = {"fused", std::nullopt, false}};
        QVERIFY(reason({plain, plain}).contains("overlap"));
    }
};

QTEST_GUILESS_MAIN(WeightSpecTest)
#include "weight_spec_test.moc"
