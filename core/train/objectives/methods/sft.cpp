// SPDX-License-Identifier: GPL-3.0-or-later
// Supervised fine-tuning: plain next-token training as TRL's SFTTrainer computes and logs it (trl-spec 7.4, 7.5).
// Every label token of an optimizer step weighs the same, however the step is split into micro-batches.
#include "core/train/objectives/method.h"
#include "core/train/objectives/reductions.h"

namespace preflab {
namespace {

std::vector<ParamSpec> sftParams()
{
    return {{.key = "loss_type",
             .title = "Loss",
             .defaultValue = std::string("nll"),
             .choices = {"nll", "dft"},
             .help = "nll: every token counts alike; dft: tokens count by their probability, surprises less.",
             .source = "TRL SFTConfig.loss_type; dft: arXiv:2508.05629",
             .group = "Optimisation",
             .isAdvanced = true}};
}

/// What the loss adds up over the labels.
TokenSum trainedSum(const ParamValues& params)
{
    const bool isDynamic = std::get<std::string>(params.at("loss_type")) == "dft";
    return {TokenSelection::Labels, isDynamic ? TokenWeight::OwnProbability : TokenWeight::One};
}

ObjectiveOutput sftObjective(const SequenceSums& policy, const PairTensors&, const ParamValues& params)
{
    const auto perLabel = [&](const Tensor& sums) { return meanOf(pooledMean(sums, policy.labels)); };
    return {policy.of(trainedSum(params)).sum().neg(),
            {
                {"entropy", perLabel(policy.entropy)},
                {"mean_token_accuracy", perLabel(policy.top1)},
                {"num_tokens", static_cast<double>(policy.tokens), StepMetric::Kind::Total},
            }};
}

}  // namespace

extern const MethodInfo method_sft;
const MethodInfo method_sft{
    .id = "sft",
    .title = "SFT",
    .help = "Supervised fine-tuning: plain next-token training on texts, or on completions of prompts.",
    .recipe = "sft",
    .hasRejected = false,
    .divisor = AccumulationDivisor::LabelTokens,
    .params = &sftParams,
    .terms = [](const ParamValues&) { return std::vector<LossTerm>{}; },
    .defaults = {{"learning_rate", 2e-5}},
    .metrics =
        {
            {"entropy", "Entropy", "nats", "Of the next-token distribution, mean over trained tokens.", false},
            {"mean_token_accuracy", "Token accuracy", "share",
             "Share of trained tokens that were the most probable one.", true},
            {"num_tokens", "Tokens seen", "", "Running total.", false},
        },
    .sums = [](const ParamValues& params) { return SumRequest{{trainedSum(params)}}; },
    .evaluate = &sftObjective,
};

}  // namespace preflab
