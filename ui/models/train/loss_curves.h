// SPDX-License-Identifier: GPL-3.0-or-later
// What a method's strength (beta, lambda) does to pairs: its loss over the margin, and where the pairs lie.
#pragma once

#include "core/runs/backend.h"

#include <string>
#include <vector>

namespace preflab {

/// What to draw.
struct LossCurvesInput {
    std::string method;
    ParamValues params;           ///< completed
    std::string strength;         ///< key of the parameter in question: "beta"
    double value = 0.1;           ///< of it
    double compared = 0.3;        ///< another value of it, for comparison
    std::vector<double> margins;  ///< of the pairs, where `Backend::curve` takes them
};

/// Curves, and the pairs they are drawn over.
struct LossCurves {
    std::vector<double> x;             ///< margins, ascending
    std::vector<double> loss;          ///< at `value`
    std::vector<double> comparedLoss;  ///< at `compared`
    double value = 0.0, compared = 0.0;
    std::vector<double> margins;        ///< of the pairs
    double meanLoss = 0.0;              ///< over the pairs
    double stillPulling = 0.0;          ///< share of the pairs whose pull is above kStrongPull
    double comparedStillPulling = 0.0;  ///< the same at `compared`
};

/// A pair's pull is minus the slope of the loss at its margin, in units of the strength; one that pulls more than this counts as still pulling.
inline constexpr double kStrongPull = 0.4;

/// Pure; some milliseconds. The errors of `Backend::curve`.
Result<LossCurves> computeLossCurves(const Backend& backend, const LossCurvesInput& input);

}  // namespace preflab
