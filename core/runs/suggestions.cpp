// SPDX-License-Identifier: GPL-3.0-or-later
// Proposals by size.
#include "core/runs/suggestions.h"

#include "core/base/rng.h"

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr std::int64_t kEvaluations = 10;
constexpr std::int64_t kSmallModel = 20'000'000;
constexpr std::int64_t kMediumModel = 1'000'000'000;
constexpr double kSmallModelRate = 5e-5;
constexpr double kMediumModelRate = 5e-6;

}  // namespace

std::vector<std::uint32_t> heldOutOrder(std::uint32_t rows, std::uint64_t seed)
{
    return randomPermutation(rows, seedFor(seed, SeedPurpose::HeldOutSplit));
}

std::uint32_t heldOutRows(std::uint32_t rows, double share)
{
    if (share <= 0.0 || rows < 2) return 0;
    return std::clamp<std::uint32_t>(static_cast<std::uint32_t>(std::lround(share * rows)), 1, rows - 1);
}

std::optional<double> suggestedLearningRate(std::int64_t parameters)
{
    if (parameters <= 0 || parameters >= kMediumModel) return std::nullopt;
    return parameters < kSmallModel ? kSmallModelRate : kMediumModelRate;
}

std::int64_t suggestedEvaluationInterval(std::int64_t steps)
{
    const std::int64_t most = std::max<std::int64_t>(1, steps / kEvaluations);
    std::int64_t best = 1;
    for (std::int64_t power = 1; power <= most; power *= 10) {
        for (const std::int64_t factor : {1, 2, 5}) {
            if (factor * power <= most) best = factor * power;
        }
    }
    return best;
}

}  // namespace preflab
