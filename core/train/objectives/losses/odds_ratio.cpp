// SPDX-License-Identifier: GPL-3.0-or-later
// Odds ratio loss of ORPO, arXiv:2403.07691, eqs. 6 and 7:
//   loss = -log sigmoid(log(odds(y_w|x) / odds(y_l|x))),  odds(y|x) = P(y|x) / (1 - P(y|x)),
// where P is the geometric mean of the answer's token probabilities. ORPO adds lambda times this to the chosen
// answer's negative log-likelihood.
#include "core/train/objectives/log_odds.h"
#include "core/train/objectives/loss.h"

#include <ATen/ops/log_sigmoid.h>

namespace preflab {
namespace {

LossOutput oddsRatioLoss(const LossInput& input, const ParamValues&)
{
    return {at::log_sigmoid(logOddsRatio(input.policy.mean.chosen, input.policy.mean.rejected)).neg()};
}

double oddsRatioCurve(double margin, const ParamValues&)
{
    return negativeLogSigmoid(margin);
}

}  // namespace

extern const LossInfo loss_odds_ratio;
const LossInfo loss_odds_ratio{
    .id = "odds_ratio",
    .title = "Odds ratio (ORPO)",
    .paper = "arXiv:2403.07691",
    .help = "Raises the odds of the chosen answer over those of the rejected one, both per token and without a "
            "reference.",
    .isReferenceFree = true,
    .compute = &oddsRatioLoss,
    .curve = &oddsRatioCurve,
};

}  // namespace preflab
