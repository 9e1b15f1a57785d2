// SPDX-License-Identifier: GPL-3.0-or-later
// The moving average of curves, for rules and for the eye.
#pragma once

#include <algorithm>
#include <cmath>

namespace preflab {

/// A debiased exponential moving average, as TensorBoard's: its beginning does not pull it to 0.
class MovingAverage {
public:
    /// `weight` of what was before, 0 (values as they are) to 0.999.
    explicit MovingAverage(double weight = 0.0) : m_weight(std::clamp(weight, 0.0, 0.999)) {}
    double weight() const { return m_weight; }

    /// Takes in the next value and returns the average up to it. A value that is not finite comes back and moves nothing.
    double next(double value)
    {
        if (!std::isfinite(value)) return value;
        m_sum = m_weight * m_sum + (1.0 - m_weight) * value;
        m_bias *= m_weight;
        return m_sum / (1.0 - m_bias);
    }

private:
    double m_weight;
    double m_sum = 0.0;
    double m_bias = 1.0;  ///< weight to the number of values so far
};

}  // namespace preflab
