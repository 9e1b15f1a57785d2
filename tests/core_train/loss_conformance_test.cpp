// SPDX-License-Identifier: GPL-3.0-or-later
// What every loss of the table must be: its own curve, finite, pulling the chosen answer up, blind to the order of pairs,
// with the gradient that finite differences give. Losses may be flat, rise again, look at lengths or at the whole batch.
#include "core/train/objectives/log_odds.h"
#include "core/train/objectives/loss.h"

#include <ATen/ops/full_like.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/tensor.h>
#include <ATen/TensorOperators.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <tuple>
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
    /// The one pair that a curve is about: answers of one token, whose log-ratios lie evenly on both sides of 0.
    static Pairs ofMargin(double margin) { return {{-3.0 + margin / 2}, {-3.0 - margin / 2}, {-3.0}, {-3.0}, 1.0}; }
    static Tensor tensor(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }
    static LogProbs logProbs(const Tensor& c, const Tensor& r, double tokens)
    {
        return {{c, r}, {c / tokens, r / tokens}};
    }
    LossInput input() const { return inputOf(tensor(chosen), tensor(rejected)); }
    /// With these log-probs of the policy.
    LossInput inputOf(const Tensor& c, const Tensor& r) const
    {
        const Tensor counts = at::full_like(c.detach(), tokens);
        return {logProbs(c, r, tokens),
                logProbs(tensor(chosenReference), tensor(rejectedReference), tokens),
                {counts, counts}};
    }
    /// The margin that `curve` is a function of.
    double margin(const LossInfo& loss, std::size_t i) const
    {
        if (loss.isReferenceFree) return logOddsRatio(chosen[i] / tokens, rejected[i] / tokens);
        return (chosen[i] - rejected[i]) - (chosenReference[i] - rejectedReference[i]);
    }
};

Tensor margins(const LossInput& input)
{
    return (input.policy.sum.chosen - input.policy.sum.rejected) -
           (input.reference.sum.chosen - input.reference.sum.rejected);
}

/// The example of CONTRIBUTING.md: flat once the margin is large enough.
const LossInfo& hinge()
{
    static const LossInfo loss{
        .id = "hinge",
        .title = "Hinge",
        .paper = "arXiv:2305.10425",
        .help = "Stops pushing once the margin is 1/beta.",
        .params = findLoss("sigmoid")->params,
        .compute = [](const LossInput& input, const ParamValues& params) -> LossOutput {
            return {(1.0 - margins(input) * numberOf(params, "beta")).relu()};
        },
        .curve = [](double margin,
                    const ParamValues& params) { return std::max(0.0, 1.0 - numberOf(params, "beta") * margin); }};
    return loss;
}

/// Has its minimum at a finite margin, and looks at the length of answers (trl-spec 1.7).
const LossInfo& ipo()
{
    static const LossInfo loss{
        .id = "ipo",
        .title = "IPO",
        .paper = "arXiv:2310.12036",
        .help = "Pulls the margin per token to 1/(2 beta).",
        .params = findLoss("sigmoid")->params,
        .compute = [](const LossInput& input, const ParamValues& params) -> LossOutput {
            const auto ratio = [](const Tensor& policy, const Tensor& reference, const Tensor& tokens) {
                return (policy - reference) / tokens.clamp_min(1.0);
            };
            const Tensor difference =
                ratio(input.policy.sum.chosen, input.reference.sum.chosen, input.completion.chosen) -
                ratio(input.policy.sum.rejected, input.reference.sum.rejected, input.completion.rejected);
            return {(difference - 0.5 / numberOf(params, "beta")).square()};
        },
        .curve =
            [](double margin, const ParamValues& params) {
                const double excess = margin - 0.5 / numberOf(params, "beta");
                return excess * excess;
            }};
    return loss;
}

/// Sorts both sides' log-ratios over the batch: no pair has a loss of its own (trl-spec 1.7).
const LossInfo& alignedSort()
{
    static const LossInfo loss{
        .id = "aot_unpaired",
        .title = "AOT",
        .paper = "arXiv:2406.05882",
        .help = "Orders the chosen answers of a batch above its rejected ones.",
        .couplesPairs = true,
        .params = findLoss("sigmoid")->params,
        .compute = [](const LossInput& input, const ParamValues& params) -> LossOutput {
            const auto sorted = [](const Tensor& values) { return std::get<0>(values.sort()); };
            const Tensor difference = sorted(input.policy.sum.chosen - input.reference.sum.chosen) -
                                      sorted(input.policy.sum.rejected - input.reference.sum.rejected);
            return {at::log_sigmoid(difference * numberOf(params, "beta")).neg()};
        },
        .curve = [](double margin,
                    const ParamValues& params) { return negativeLogSigmoid(numberOf(params, "beta") * margin); }};
    return loss;
}

/// The table's losses, and of every kind that the table does not have yet one that is known here only.
std::vector<const LossInfo*> allLosses()
{
    std::vector<const LossInfo*> all(losses().begin(), losses().end());
    for (const LossInfo* loss : {&hinge(), &ipo(), &alignedSort()}) {
        if (findLoss(loss->id) == nullptr) all.push_back(loss);
    }
    return all;
}

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
        for (const LossInfo* loss : allLosses()) QTest::newRow(loss->id.c_str()) << loss;
    }

private Q_SLOTS:
    void describesItself_data() { addLosses(); }
    void describesItself()
    {
        QFETCH(const LossInfo*, loss);
        QVERIFY(!loss->title.empty() && !loss->help.empty() && loss->paper.starts_with("arXiv:"));
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
        for (const double margin : {-5.5, -0.7, 0.0, 0.3, 2.0, 5.0}) {
            const Pairs pair = Pairs::ofMargin(margin);
            const auto values = numbers(loss->compute(pair.input(), params).perPair);
            QCOMPARE(values.size(), std::size_t{1});
            QVERIFY(std::abs(values[0] - loss->curve(pair.margin(*loss, 0), params)) < 1e-12);
        }
    }

    // Whatever it does far away (hinge is flat, ipo rises again), it pulls the chosen answer up from where both start.
    void pullsTheChosenAnswerUp_data() { addLosses(); }
    void pullsTheChosenAnswerUp()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        double before = loss->curve(-1.0, params);
        for (double margin = -0.9; margin < 1.0; margin += 0.1) {
            const double value = loss->curve(margin, params);
            QVERIFY(value < before);
            before = value;
        }
        for (const double margin : {-1e3, 1e3}) QVERIFY(std::isfinite(loss->curve(margin, params)));
    }

    void gradientIsTheFiniteDifference_data() { addLosses(); }
    void gradientIsTheFiniteDifference()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        const Pairs pairs = Pairs::ordinary();
        Tensor chosen = Pairs::tensor(pairs.chosen).requires_grad_(true);
        Tensor rejected = Pairs::tensor(pairs.rejected).requires_grad_(true);
        loss->compute(pairs.inputOf(chosen, rejected), params).perPair.sum().backward();

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
                const Tensor counts = at::full_like(reference, 7.0);
                const LossInput input{Pairs::logProbs(chosen, rejected, 7.0),
                                      Pairs::logProbs(reference, reference, 7.0),
                                      {counts, counts}};
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
        const Pairs pairs = Pairs::ordinary();
        Pairs flipped = pairs;
        for (auto* side : {&flipped.chosen, &flipped.rejected, &flipped.chosenReference, &flipped.rejectedReference})
            std::ranges::reverse(*side);
        // Losses that look at the whole batch have no number of a pair's own, but one of the batch.
        const double straight = loss->compute(pairs.input(), params).perPair.mean().item<double>();
        const double reversed = loss->compute(flipped.input(), params).perPair.mean().item<double>();
        QVERIFY(std::abs(straight - reversed) < 1e-12);
    }

    // An engine cuts batches where a loss does not say that its pairs belong together.
    void saysWhetherItCouplesPairs_data() { addLosses(); }
    void saysWhetherItCouplesPairs()
    {
        QFETCH(const LossInfo*, loss);
        const ParamValues params = defaultsOf(loss->params);
        // Of the first pair, whatever the others are: theirs are replaced by numbers far above and far below.
        std::vector<std::vector<double>> gradients;
        for (const double other : {0.0, -50.0, -0.5}) {
            Pairs pairs = Pairs::ordinary();
            for (std::size_t i = 1; other < 0.0 && i < pairs.chosen.size(); ++i) {
                pairs.chosen[i] = other;
                pairs.rejected[i] = other * 0.9;
            }
            Tensor chosen = Pairs::tensor(pairs.chosen).requires_grad_(true);
            Tensor rejected = Pairs::tensor(pairs.rejected).requires_grad_(true);
            loss->compute(pairs.inputOf(chosen, rejected), params).perPair.mean().backward();
            gradients.push_back({numbers(chosen.grad())[0], numbers(rejected.grad())[0]});
        }
        const bool isCoupled = gradients[1] != gradients[0] || gradients[2] != gradients[0];
        QCOMPARE(isCoupled, loss->couplesPairs);
    }

    // A batch shows that sorting over it is seen: a pair alone is another thing.
    void theTestsKnowALossThatCouplesPairs()
    {
        const ParamValues params = defaultsOf(alignedSort().params);
        const double coupled = alignedSort().compute(Pairs::ordinary().input(), params).perPair.mean().item<double>();
        const double alone =
            findLoss("sigmoid")->compute(Pairs::ordinary().input(), params).perPair.mean().item<double>();
        QVERIFY(std::abs(coupled - alone) > 1e-3);
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
