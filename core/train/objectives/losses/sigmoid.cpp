// SPDX-License-Identifier: GPL-3.0-or-later
// Direct Preference Optimization, arXiv:2305.18290, eq. 7:
//   loss = -log sigmoid(beta * ((log pi(y_w|x) - log pi(y_l|x)) - (log ref(y_w|x) - log ref(y_l|x))))
#include "core/train/objectives/loss.h"

#include <ATen/ops/log_sigmoid.h>
#include <ATen/TensorOperators.h>

namespace preflab {
namespace {

LossOutput sigmoidLoss(const LossInput& input, const ParamValues& params)
{
    const Tensor chosenLogRatio = input.policy.sum.chosen - input.reference.sum.chosen;        // (P)
    const Tensor rejectedLogRatio = input.policy.sum.rejected - input.reference.sum.rejected;  // (P)
    const Tensor margin = chosenLogRatio - rejectedLogRatio;                                   // (P)
    return {at::log_sigmoid(margin * numberOf(params, "beta")).neg()};
}

double sigmoidCurve(double margin, const ParamValues& params)
{
    return negativeLogSigmoid(numberOf(params, "beta") * margin);
}

}  // namespace

extern const LossInfo loss_sigmoid;
const LossInfo loss_sigmoid{
    .id = "sigmoid",
    .title = "Sigmoid (DPO)",
    .paper = "arXiv:2305.18290",
    .help = "Raises the chosen answer's log-probability over the rejected one's, measured against the reference; "
            "pairs that are already far apart count little.",
    .params = {{.key = "beta",
                .title = "Beta",
                .defaultValue = 0.1,
                .minimum = 0.0,
                .maximum = 10.0,
                .isMinimumAllowed = false,
                .help = "Strength of the pull towards the reference: higher values keep the model closer to it.",
                .source = "TRL DPOConfig.beta; beta of arXiv:2305.18290, eq. 7",
                .group = "Preference",
                .isLogScale = true,
                .usualMinimum = 0.01,
                .usualMaximum = 1.0}},
    .compute = &sigmoidLoss,
    .curve = &sigmoidCurve,
};

}  // namespace preflab
