// SPDX-License-Identifier: GPL-3.0-or-later
// Odds Ratio Preference Optimization (arXiv:2403.07691, eq. 6) as TRL's ORPOTrainer computes and logs it (trl-spec
// 2.3, 2.4): negative log-likelihood of the chosen sequence plus lambda times the odds ratio loss.
// Not repeated: in the last group of an epoch with a short batch TRL averages rewards/* and logps/* over the first
// pairs of each micro-batch only (trl-spec 2.4). Here they always cover all pairs.
#include "core/train/objectives/log_odds.h"
#include "core/train/objectives/method.h"
#include "core/train/objectives/reductions.h"

#include <ATen/ops/log_sigmoid.h>
#include <ATen/TensorOperators.h>

#include <iterator>

namespace preflab {
namespace {

std::vector<ParamSpec> orpoParams()
{
    return {{.key = "lambda",
             .title = "Lambda",
             .defaultValue = 0.1,
             .minimum = 0.0,
             .maximum = 10.0,
             .help = "Weight of the preference term beside training on chosen: higher pushes rejected away harder.",
             .source = "lambda of arXiv:2403.07691, eq. 6; TRL calls it ORPOConfig.beta",
             .group = "Preference",
             .isLogScale = true,
             .usualMinimum = 0.01,
             .usualMaximum = 1.0}};
}

std::vector<LossTerm> orpoTerms(const ParamValues& params)
{
    return {{findLoss("odds_ratio"), numberOf(params, "lambda")}};
}

/// The likelihood covers the prompt too, as TRL's does.
constexpr TokenSum kSequenceSum{TokenSelection::Predicted};

std::vector<StepMetric> orpoMetrics(const SequenceSums& sums, const PairTensors& mean, const Tensor& nll, double lambda)
{
    const Tensor chosen = mean.chosen.detach();      // (P)
    const Tensor rejected = mean.rejected.detach();  // (P)
    const PairTensors logits = sums.sides(sums.paddedMeanLogit);
    const Tensor logOdds = logOddsRatio(chosen, rejected);
    std::vector<StepMetric> metrics = rewardMetrics(chosen * lambda, rejected * lambda);
    const StepMetric others[] = {
        {"logps/chosen", meanOf(chosen)},
        {"logps/rejected", meanOf(rejected)},
        // Over all positions, prompt and padding included, as TRL takes it.
        {"logits/chosen", meanOf(logits.chosen)},
        {"logits/rejected", meanOf(logits.rejected)},
        {"nll_loss", meanOf(nll)},
        {"log_odds_ratio", meanOf(at::log_sigmoid(logOdds))},
        {"log_odds_chosen", meanOf(logOdds)},
        // Not in TRL's log of ORPO: as with DPO, so that speed and progress of both can be read alike.
        {"num_tokens", static_cast<double>(sums.tokens), StepMetric::Kind::Total},
    };
    metrics.insert(metrics.end(), std::begin(others), std::end(others));
    return metrics;
}

ObjectiveOutput orpoObjective(const SequenceSums& policy, const PairTensors&, const ParamValues& params)
{
    const LossInput input{
        perToken(policy, policy.sides(policy.of(kLabelSum))), {}, policy.sides(policy.completion), {}};
    // Pooled over the batch: every token of the chosen sequences weighs the same.
    const Tensor nll =
        pooledMean(policy.sides(policy.of(kSequenceSum)).chosen, policy.sides(policy.predicted).chosen).neg();
    return {nll + weightedLoss(orpoTerms(params), input, params),
            orpoMetrics(policy, input.policy.mean, nll, numberOf(params, "lambda"))};
}

}  // namespace

extern const MethodInfo method_orpo;
const MethodInfo method_orpo{
    .id = "orpo",
    .title = "ORPO",
    .paper = "arXiv:2403.07691",
    .help = "Odds Ratio Preference Optimization: trains on the chosen answers and lowers the odds of the rejected "
            "ones, without a reference model.",
    .recipe = "orpo",
    .params = &orpoParams,
    .terms = &orpoTerms,
    .defaults = {{"learning_rate", 1e-6}},
    .metrics =
        {
            {"rewards/chosen", "Reward of chosen", "nats per token x lambda",
             "Lambda times the mean log-prob per token; not comparable with DPO's rewards.", true},
            {"rewards/rejected", "Reward of rejected", "nats per token x lambda",
             "Lambda times the mean log-prob per token; not comparable with DPO's rewards.", false},
            {"rewards/accuracies", "Reward accuracy", "share",
             "Share of pairs whose chosen reward is the larger one; ties count 0.", true},
            {"rewards/margins", "Reward margin", "nats per token x lambda", "Chosen reward minus rejected reward.",
             true},
            {"logps/chosen", "Log-prob of chosen", "nats per token", "Mean over the answer, then over pairs.", true},
            {"logps/rejected", "Log-prob of rejected", "nats per token", "Mean over the answer, then over pairs.",
             false},
            {"logits/chosen", "Mean logit, chosen", "",
             "Mean over the vocabulary at all positions, prompt and padding included.", false},
            {"logits/rejected", "Mean logit, rejected", "",
             "Mean over the vocabulary at all positions, prompt and padding included.", false},
            {"nll_loss", "NLL of chosen", "nats per token",
             "Negative log-likelihood of prompt and chosen answer: the part of the loss that is plain training.",
             false},
            {"log_odds_ratio", "Log-sigmoid of log-odds", "",
             "Mean of log(sigmoid(log-odds)); minus lambda times this is the preference part of the loss.", true},
            {"log_odds_chosen", "Log-odds", "nats", "Mean log-odds of the chosen over the rejected answer.", true},
            {"num_tokens", "Tokens seen", "", "Running total, prompts and both answers.", false},
        },
    .sums =
        [](const ParamValues&) {
            return SumRequest{{kLabelSum, kSequenceSum}};
        },
    .evaluate = &orpoObjective,
};

}  // namespace preflab
