// SPDX-License-Identifier: GPL-3.0-or-later
// Look-up of losses and the scalar helpers that their curves share.
#include "core/train/objectives/loss.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <variant>

namespace preflab {

const LossInfo* findLoss(std::string_view id)
{
    const auto table = losses();
    const auto found = std::ranges::find_if(table, [id](const LossInfo* loss) { return loss->id == id; });
    return found == table.end() ? nullptr : *found;
}

double numberOf(const ParamValues& params, std::string_view key)
{
    const ParamValue& value = params.at(std::string(key));
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    return std::get<double>(value);
}

double negativeLogSigmoid(double x)
{
    return std::max(-x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

}  // namespace preflab
