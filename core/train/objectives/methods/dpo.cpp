// SPDX-License-Identifier: GPL-3.0-or-later
// Direct Preference Optimization (arXiv:2305.18290) as TRL's DPOTrainer computes and logs it (trl-spec 1.5 to 1.8).
// Its loss is whichever entry of the table of losses `loss_type` names, so a new loss file is offered at once.
#include "core/train/objectives/method.h"
#include "core/train/objectives/reductions.h"

#include <ATen/TensorOperators.h>

#include <iterator>

namespace preflab {
namespace {

/// Losses that compare with a reference.
std::vector<const LossInfo*> offeredLosses()
{
    std::vector<const LossInfo*> offered;
    for (const LossInfo* loss : losses()) {
        if (!loss->isReferenceFree) offered.push_back(loss);
    }
    return offered;
}

std::vector<ParamSpec> dpoParams()
{
    std::vector<ParamSpec> params{{.key = "loss_type",
                                   .title = "Loss",
                                   .defaultValue = std::string("sigmoid"),
                                   .help = "Which function of the margin is minimised: how far-apart pairs still pull.",
                                   .source = "TRL DPOConfig.loss_type",
                                   .group = "Preference",
                                   .isAdvanced = true}};
    for (const LossInfo* loss : offeredLosses()) {
        params.front().choices.push_back(loss->id);
        for (const ParamSpec& spec : loss->params) {
            if (findParam(params, spec.key) == nullptr) params.push_back(spec);
        }
    }
    params.push_back({.key = "ld_alpha",
                      .title = "Weight of the longer tail",
                      .defaultValue = 1.0,
                      .minimum = 0.0,
                      .maximum = 1.0,
                      .help = "Weight of tokens beyond the shorter answer's length: lower values favour length less.",
                      .source = "TRL DPOConfig.ld_alpha (its None is 1); alpha of LD-DPO, arXiv:2409.06411",
                      .group = "Preference",
                      .isAdvanced = true});
    params.push_back({.key = "use_weighting",
                      .title = "Weigh by probability (WPO)",
                      .defaultValue = false,
                      .help = "Pairs count more the likelier the model itself would write them.",
                      .source = "TRL DPOConfig.use_weighting; arXiv:2406.11827",
                      .group = "Preference",
                      .isAdvanced = true});
    return params;
}

constexpr TokenSum kMatchedSum{TokenSelection::MatchedLabels};
constexpr TokenSum kTailSum{TokenSelection::UnmatchedLabels};

bool isWeighted(const ParamValues& params)
{
    return std::get<bool>(params.at("use_weighting"));
}

SumRequest dpoSums(const ParamValues& params)
{
    SumRequest request{{kLabelSum}, isWeighted(params)};
    if (numberOf(params, "ld_alpha") != 1.0) request.sums.insert(request.sums.end(), {kMatchedSum, kTailSum});
    return request;
}

/// The labels up to the shorter answer's length, and `ld_alpha` times those beyond (trl-spec 1.5). (P) each
PairTensors dpoAnswers(const SequenceSums& sums, const ParamValues& params)
{
    const double weight = numberOf(params, "ld_alpha");
    if (weight == 1.0) return sums.sides(sums.of(kLabelSum));
    return sums.sides(sums.of(kMatchedSum) + sums.of(kTailSum) * weight);
}

std::vector<LossTerm> dpoTerms(const ParamValues& params)
{
    return {{findLoss(std::get<std::string>(params.at("loss_type")))}};
}

/// What TRL logs; `input` holds the log-probs behind the loss.
std::vector<StepMetric> dpoMetrics(const SequenceSums& sums, const LossInput& input, double beta)
{
    const PairTensors &policy = input.policy.sum, &reference = input.reference.sum;
    const Tensor chosenReward = (policy.chosen - reference.chosen).detach() * beta;        // (P)
    const Tensor rejectedReward = (policy.rejected - reference.rejected).detach() * beta;  // (P)
    const PairTensors labels = sums.sides(sums.labels), logits = sums.sides(sums.meanLogit);
    const auto pooled = [](const Tensor& values, const Tensor& counts) { return meanOf(pooledMean(values, counts)); };
    std::vector<StepMetric> metrics = rewardMetrics(chosenReward, rejectedReward);
    const StepMetric others[] = {
        {"logps/chosen", meanOf(policy.chosen)},
        {"logps/rejected", meanOf(policy.rejected)},
        {"logits/chosen", pooled(logits.chosen, labels.chosen)},
        {"logits/rejected", pooled(logits.rejected, labels.rejected)},
        {"mean_token_accuracy", pooled(sums.sides(sums.top1).chosen, labels.chosen)},
        {"entropy", pooled(sums.entropy, sums.labels)},
        {"num_tokens", static_cast<double>(sums.tokens), StepMetric::Kind::Total},
    };
    metrics.insert(metrics.end(), std::begin(others), std::end(others));
    return metrics;
}

ObjectiveOutput dpoObjective(const SequenceSums& policy, const PairTensors& reference, const ParamValues& params)
{
    LossInput input{perToken(policy, dpoAnswers(policy, params)), perToken(policy, reference),
                    policy.sides(policy.completion)};
    if (isWeighted(params)) input.pairWeights = ownProbabilityWeights(policy);
    return {weightedLoss(dpoTerms(params), input, params), dpoMetrics(policy, input, numberOf(params, "beta"))};
}

}  // namespace

extern const MethodInfo method_dpo;
const MethodInfo method_dpo{
    .id = "dpo",
    .title = "DPO",
    .paper = "arXiv:2305.18290",
    .help = "Direct Preference Optimization: raises chosen over rejected answers, measured against a frozen copy of "
            "the starting model.",
    .recipe = "dpo",
    .needsReference = true,
    .params = &dpoParams,
    .terms = &dpoTerms,
    .defaults = {{"learning_rate", 1e-6}},
    .metrics =
        {
            {"rewards/chosen", "Reward of chosen", "nats x beta",
             "Beta times the log-ratio of policy and reference, mean over chosen answers.", true},
            {"rewards/rejected", "Reward of rejected", "nats x beta",
             "Beta times the log-ratio of policy and reference, mean over rejected answers.", false},
            {"rewards/accuracies", "Reward accuracy", "share",
             "Share of pairs whose chosen reward is the larger one; ties count 0, so the first step shows 0.", true},
            {"rewards/margins", "Reward margin", "nats x beta", "Chosen reward minus rejected reward.", true},
            {"logps/chosen", "Log-prob of chosen", "nats", "Summed over the answer, mean over pairs.", true},
            {"logps/rejected", "Log-prob of rejected", "nats", "Summed over the answer, mean over pairs.", false},
            {"logits/chosen", "Mean logit, chosen", "",
             "Mean over the vocabulary at the answer's positions; says how far logits drift as a whole.", false},
            {"logits/rejected", "Mean logit, rejected", "",
             "Mean over the vocabulary at the answer's positions; says how far logits drift as a whole.", false},
            {"mean_token_accuracy", "Token accuracy", "share",
             "Share of chosen answer tokens that were the most probable one.", true},
            {"entropy", "Entropy", "nats", "Of the next-token distribution, mean over answer tokens.", false},
            {"num_tokens", "Tokens seen", "", "Running total, prompts and both answers.", false},
        },
    .sums = &dpoSums,
    .answerLogProbs = &dpoAnswers,
    .answerParams = {"ld_alpha"},
    .evaluate = &dpoObjective,
};

}  // namespace preflab
