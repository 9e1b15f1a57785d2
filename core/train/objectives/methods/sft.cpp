// SPDX-License-Identifier: GPL-3.0-or-later
// Supervised fine-tuning: plain next-token training as TRL's SFTTrainer computes and logs it (trl-spec 7.4, 7.5).
// Every label token of an optimizer step weighs the same, however the step is split into micro-batches.
#include "core/train/objectives/method.h"
#include "core/train/objectives/reductions.h"

namespace preflab {
namespace {

ObjectiveOutput sftObjective(const SequenceSums& policy, const PairTensors&, const ParamValues&)
{
    const auto perLabel = [&](const Tensor& sums) { return meanOf(pooledMean(sums, policy.labels)); };
    return {policy.of(kLabelSum).sum().neg(),
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
    .params = [] { return std::vector<ParamSpec>{}; },
    .terms = [](const ParamValues&) { return std::vector<LossTerm>{}; },
    .defaults = {{"learning_rate", 2e-5}},
    .metrics =
        {
            {"entropy", "Entropy", "nats", "Of the next-token distribution, mean over trained tokens.", false},
            {"mean_token_accuracy", "Token accuracy", "share",
             "Share of trained tokens that were the most probable one.", true},
            {"num_tokens", "Tokens seen", "", "Running total.", false},
        },
    .sums = [](const ParamValues&) { return std::vector<TokenSum>{kLabelSum}; },
    .evaluate = &sftObjective,
};

}  // namespace preflab
