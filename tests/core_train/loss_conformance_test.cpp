// SPDX-License-Identifier: GPL-3.0-or-later
// What every loss of the table must be: its own curve, finite, decreasing in the margin, blind to the order of pairs,
// with the gradient that finite differences give.
#include "core/train/objectives/log_odds.h"
#include "core/train/objectives/loss.h"

#include <ATen/ops/tensor.h>
#include <ATen/TensorOperators.h>

#include <QTest>

#include <cmath>
#include <vector>

using namespace preflab;

namespace {

/// Log-probs of some pairs, in double: sums, and means over `tokens`.
struct Pairs {
    std::vector<double> chosen, rejected, chosenReference, rejectedReference;
    double tokens = 7.0;

    static Pairs ordinary()
    {
        return {
            {-8.5, -3.0, -4.4, -20.0}, {-1.0, -9.5, -6.6, -21.0}, {-6.9, -3.1, -3.3, -20.5}, {-2.7, -6.4, -4.3, -20.0}};
    }
    static Tensor tensor(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }
    LossInput input() const
    {
        const Tensor c = tensor(chosen), r = tensor(rejected);
        return {{c, r}, {tensor(chosenReference), tensor(rejectedReference)}, {c / tokens, r / tokens}};
    }
    /// The margin that `curve` is a function of.
    double margin(const LossInfo& loss, std::size_t i) const
    {
        if (loss.isReferenceFree) return logOddsRatio(chosen[i] / tokens, rejected[i] / tokens);
        return (chosen[i] - rejected[i]) - (chosenReference[i] - rejectedReference[i]);
    }
};

std::vector<double> numbers(const Tensor& tensor)
{
    const Tensor doubles = tensor.detach().to(at::kDouble).contiguous();
    return {doubles.const_data_ptr<double>(), doubles.const_data_ptr<double>() + doubles.numel()};
}

}  // namespace

class LossConformanceTest : public QObject {
    Q_OBJECT

    static void addLosses()
    {
        QTest::addColumn<const LossInfo*>("loss");
        for (const LossInfo* loss : losses()) QTest::newRow(loss->id.c_str()) << loss;
    }

private Q_SLOTS:
    void describesItself_data() { addLosses(); }
    void describesItself()
    {
        QFETCH(const LossInfo*, loss);
        QVERIFY(!loss->title.empty() && !loss->help.empty() && loss->paper.starts_with("arXiv:"));
        QCOMPARE(findLoss(loss->id), loss);
        for (const ParamSpec& spec : loss->params) {
            QVERIFY(validateParam(spec, spec.defaultValue));
            const auto parsed = parseParam(spec, toText(spec.defaultValue));
            QVERIFY(parsed && *parsed == spec.defaultValue);
            QVERIFY(!spec.help.empty() && !spec.source.empty());
        }
        const auto back = paramValuesFromJson(toJson(defaultsOf(loss->params)));
        QVERIFY(back && *back == defaultsOf(loss->params));
    }

    void equalsItsCurve_data() { addLosses(); }
    void equalsItsCurve()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        const Pairs pairs = Pairs::ordinary();
        const auto values = numbers(loss->compute(pairs.input(), params).perPair);
        QCOMPARE(values.size(), pairs.chosen.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(std::abs(values[i] - loss->curve(pairs.margin(*loss, i), params)) < 1e-12);
    }

    void decreasesInTheMargin_data() { addLosses(); }
    void decreasesInTheMargin()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        for (double margin = -50.0; margin < 50.0; margin += 0.5)
            QVERIFY(loss->curve(margin + 0.5, params) < loss->curve(margin, params));
        QVERIFY(std::isfinite(loss->curve(-1e6, params)));
        QCOMPARE(loss->curve(1e6, params), 0.0);
    }

    void gradientIsTheFiniteDifference_data() { addLosses(); }
    void gradientIsTheFiniteDifference()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        const Pairs pairs = Pairs::ordinary();
        Tensor chosen = Pairs::tensor(pairs.chosen).requires_grad_(true);
        Tensor rejected = Pairs::tensor(pairs.rejected).requires_grad_(true);
        LossInput input = pairs.input();
        input.policy = {chosen, rejected};
        input.policyMean = {chosen / pairs.tokens, rejected / pairs.tokens};
        loss->compute(input, params).perPair.sum().backward();

        constexpr double kStep = 1e-5;
        for (const bool isChosen : {true, false}) {
            const auto gradient = numbers((isChosen ? chosen : rejected).grad());
            for (std::size_t i = 0; i < gradient.size(); ++i) {
                double sums[2];
                for (const int side : {0, 1}) {
                    Pairs moved = pairs;
                    (isChosen ? moved.chosen : moved.rejected)[i] += side == 0 ? -kStep : kStep;
                    sums[side] = loss->compute(moved.input(), params).perPair.sum().item<double>();
                }
                QVERIFY2(std::abs(gradient[i] - (sums[1] - sums[0]) / (2 * kStep)) < 1e-8, loss->id.c_str());
            }
        }
    }

    void isFiniteOnExtremes_data() { addLosses(); }
    void isFiniteOnExtremes()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        const std::vector<double> extremes{-1e5, -1e3, -100.0, -1e-3, -1e-6, -7e-8, -1e-9, 0.0};
        for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
            for (const double other : extremes) {
                const std::vector<double> constant(extremes.size(), other);
                Tensor chosen = Pairs::tensor(extremes).to(type).requires_grad_(true);
                Tensor rejected = Pairs::tensor(constant).to(type).requires_grad_(true);
                const Tensor reference = Pairs::tensor(constant).to(type);
                const LossInput input{{chosen, rejected}, {reference, reference}, {chosen / 7.0, rejected / 7.0}};
                const Tensor perPair = loss->compute(input, params).perPair;
                perPair.sum().backward();
                for (const Tensor& tensor : {perPair, chosen.grad(), rejected.grad()})
                    for (const double value : numbers(tensor)) QVERIFY2(std::isfinite(value), loss->id.c_str());
            }
        }
    }

    void ignoresTheOrderOfPairs_data() { addLosses(); }
    void ignoresTheOrderOfPairs()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        const LossInput input = Pairs::ordinary().input();
        const auto flipped = [](const PairLogProbs& side) {
            return PairLogProbs{side.chosen.flip(0), side.rejected.flip(0)};
        };
        const auto straight = numbers(loss->compute(input, params).perPair.flip(0));
        const LossInput reversed{flipped(input.policy), flipped(input.reference), flipped(input.policyMean)};
        QCOMPARE(numbers(loss->compute(reversed, params).perPair), straight);
    }

    // trl-spec 2.3, float32.
    void log1mExpIsStable()
    {
        const std::vector<double> at{-1e-8, -1e-6, -1e-4, -0.1, -0.69, -0.70, -1, -5, -30};
        const std::vector<double> expected{-18.42068, -13.81551,  -9.21039,    -2.352168,    -0.6963043,
                                           -0.686341, -0.4586751, -0.00676075, -9.357623e-14};
        Tensor x = at::tensor(at, at::kFloat).requires_grad_(true);
        const Tensor y = log1mExp(x);
        y.sum().backward();
        const auto values = numbers(y), slopes = numbers(x.grad());
        for (std::size_t i = 0; i < at.size(); ++i) {
            QVERIFY(std::abs(values[i] - expected[i]) <= 1e-6 * std::abs(expected[i]));
            QVERIFY(std::abs(log1mExp(at[i]) - expected[i]) <= 1e-6 * std::abs(expected[i]));
            QVERIFY(std::isfinite(slopes[i]) && slopes[i] < 0.0);
        }
    }
};

QTEST_GUILESS_MAIN(LossConformanceTest)
#include "loss_conformance_test.moc"
