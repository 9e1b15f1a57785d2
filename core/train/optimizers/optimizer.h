// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW with decoupled weight decay (arXiv:1711.05101) over LibTorch's fused kernel, TRL's default optimizer.
#pragma once

#include "core/train/tensor.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflab {

/// Settings; the defaults are TRL's (`adam_beta1` and so on). Weight decay 0 is TRL's, LibTorch's own is 0.01.
struct AdamWOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.0;
};

/// True if weight decay applies to a parameter of that name: TRL leaves out biases and norm weights.
bool isDecayed(std::string_view parameterName);

/// Holds two moments for every parameter, in the parameter's dtype.
class AdamW {
public:
    AdamW(std::vector<std::pair<std::string, Tensor>> parameters, const AdamWOptions& options);
    /// One update with the gradients that are there; parameters without one are left alone.
    void step(double learningRate);
    /// Drops the gradients, so that the next backward pass starts from nothing.
    void clearGradients();
    /// All parameters, in the order given.
    const std::vector<Tensor>& parameters() const { return m_parameters; }

private:
    /// Parameters that share a weight decay.
    struct Group {
        double weightDecay = 0.0;
        std::vector<Tensor> parameters, firstMoments, secondMoments, steps;
    };
    static void stepGroup(Group& group, const AdamWOptions& options, double learningRate);

    AdamWOptions m_options;
    std::vector<Tensor> m_parameters;
    std::vector<Group> m_groups;
};

}  // namespace preflab
