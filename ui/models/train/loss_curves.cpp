// SPDX-License-Identifier: GPL-3.0-or-later
// Curves sampled from the engine's own loss, and their slope at the pairs.
#include "ui/models/train/loss_curves.h"

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr int kPoints = 241;
constexpr double kSlopeStep = 1e-3;

using Values = std::vector<double>;

/// Drawn from minus to plus this: as far as the pairs reach; around pairs that are all at one place, so far.
double halfRange(const Values& margins)
{
    constexpr double kAround = 10.0;
    double farthest = 0.0;
    for (const double margin : margins) farthest = std::max(farthest, std::abs(margin));
    return farthest < 0.1 ? kAround : 1.15 * farthest;
}

class Curves {
public:
    Curves(const Backend& backend, const LossCurvesInput& input) : m_backend(backend), m_input(input) {}

    Result<Values> loss(double strength, const Values& margins) const
    {
        ParamValues params = m_input.params;
        params[m_input.strength] = strength;
        return m_backend.curve(m_input.method, params, margins);
    }

    /// Minus the slope, in units of the strength: at most 1 for losses that level off.
    Result<Values> pull(double strength, const Values& margins) const
    {
        Values shifted;
        for (const double margin : margins) {
            shifted.push_back(margin - kSlopeStep);
            shifted.push_back(margin + kSlopeStep);
        }
        TRY(const Values losses, loss(strength, shifted));
        Values pulls;
        for (std::size_t i = 0; i + 1 < losses.size(); i += 2)
            pulls.push_back((losses[i] - losses[i + 1]) / (2 * kSlopeStep * strength));
        return pulls;
    }

    Result<double> stillPulling(double strength) const
    {
        TRY(const Values pulls, pull(strength, m_input.margins));
        const auto strong = std::count_if(pulls.begin(), pulls.end(), [](double one) { return one > kStrongPull; });
        return pulls.empty() ? 0.0 : static_cast<double>(strong) / static_cast<double>(pulls.size());
    }

private:
    const Backend& m_backend;
    const LossCurvesInput& m_input;
};

}  // namespace

Result<LossCurves> computeLossCurves(const Backend& backend, const LossCurvesInput& input)
{
    const Curves curves(backend, input);
    LossCurves preview;
    preview.value = input.value;
    preview.compared = input.compared;
    const double half = halfRange(input.margins);
    for (int i = 0; i < kPoints; ++i) preview.x.push_back(-half + 2 * half * i / (kPoints - 1));
    TRY(preview.loss, curves.loss(input.value, preview.x));
    TRY(preview.comparedLoss, curves.loss(input.compared, preview.x));
    TRY(preview.stillPulling, curves.stillPulling(input.value));
    TRY(preview.comparedStillPulling, curves.stillPulling(input.compared));
    TRY(const Values losses, curves.loss(input.value, input.margins));
    for (const double loss : losses) preview.meanLoss += loss / static_cast<double>(losses.size());
    preview.margins = input.margins;
    return preview;
}

}  // namespace preflab
