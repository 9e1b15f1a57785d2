// SPDX-License-Identifier: GPL-3.0-or-later
// Method-independent metrics in double precision.
#include "core/train/loop/held_out.h"

#include "core/train/engine/numbers.h"
#include "core/train/objectives/log_odds.h"

#include <numeric>

namespace preflab {
namespace {

void append(std::vector<double>& values, const Tensor& tensor)
{
    const std::vector<double> numbers = numbersOf(tensor);
    values.insert(values.end(), numbers.begin(), numbers.end());
}

/// 1 for a win, 0.5 for a tie.
double win(double chosen, double rejected)
{
    return chosen > rejected ? 1.0 : chosen == rejected ? 0.5 : 0.0;
}

}  // namespace

void HeldOutLogProbs::add(std::span<const TokenPair> pairs, const PairTensors& sums)
{
    append(chosen, sums.chosen);
    append(rejected, sums.rejected);
    for (const TokenPair& pair : pairs) {
        chosenTokens.push_back(static_cast<double>(pair.chosen.predictedLabels()));
        rejectedTokens.push_back(static_cast<double>(pair.rejected.predictedLabels()));
    }
}

NamedValues heldOutMetrics(const HeldOutLogProbs& now, const HeldOutLogProbs& start)
{
    double accuracySum = 0, accuracyMean = 0, margin = 0, logOdds = 0, driftChosen = 0, driftRejected = 0;
    for (std::size_t i = 0; i < now.chosen.size(); ++i) {
        const double chosenMean = now.chosen[i] / now.chosenTokens[i];
        const double rejectedMean = now.rejected[i] / now.rejectedTokens[i];
        accuracySum += win(now.chosen[i], now.rejected[i]);
        accuracyMean += win(chosenMean, rejectedMean);
        margin += chosenMean - rejectedMean;
        logOdds += logOddsRatio(chosenMean, rejectedMean);
        driftChosen += (now.chosen[i] - start.chosen[i]) / now.chosenTokens[i];
        driftRejected += (now.rejected[i] - start.rejected[i]) / now.rejectedTokens[i];
    }
    const auto sum = [](const std::vector<double>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0);
    };
    const double pairs = static_cast<double>(now.chosen.size());
    return {
        {"heldout/accuracy_sum", accuracySum / pairs},
        {"heldout/accuracy_mean", accuracyMean / pairs},
        {"heldout/margin_mean", margin / pairs},
        {"heldout/log_odds", logOdds / pairs},
        {"heldout/nll_chosen", -sum(now.chosen) / sum(now.chosenTokens)},
        {"heldout/drift_chosen", driftChosen / pairs},
        {"heldout/drift_rejected", driftRejected / pairs},
    };
}

const std::vector<MetricDescription>& heldOutDescriptions()
{
    static const std::vector<MetricDescription> descriptions{
        {"heldout/accuracy_sum", "Held-out accuracy, summed", "share",
         "Share of held-out pairs whose chosen answer has the larger summed log-prob; ties count 0.5. Longer answers "
         "are at a disadvantage.",
         true},
        {"heldout/accuracy_mean", "Held-out accuracy, per token", "share",
         "Share of held-out pairs whose chosen answer has the larger log-prob per token; ties count 0.5.", true},
        {"heldout/margin_mean", "Held-out margin", "nats per token",
         "Log-prob per token of the chosen answer minus that of the rejected one, mean over pairs.", true},
        {"heldout/log_odds", "Held-out log-odds", "nats",
         "Log-odds of the chosen over the rejected answer, both per token, mean over pairs.", true},
        {"heldout/nll_chosen", "Held-out NLL of chosen", "nats per token",
         "Negative log-likelihood of the chosen answers, mean over all their tokens.", false},
        {"heldout/drift_chosen", "Drift of chosen", "nats per token",
         "How much more probable the chosen answers have become since the start, per token, mean over pairs.", true},
        {"heldout/drift_rejected", "Drift of rejected", "nats per token",
         "How much more probable the rejected answers have become since the start, per token, mean over pairs.", false},
    };
    return descriptions;
}

}  // namespace preflab
