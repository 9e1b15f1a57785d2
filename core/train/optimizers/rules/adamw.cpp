// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW with decoupled weight decay (arXiv:1711.05101) over LibTorch's fused kernel, TRL's default optimizer.
#include "core/train/optimizers/optimizer.h"

#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

namespace preflab {
namespace {

/// Holds two moments for every parameter, in the parameter's dtype.
class AdamW final : public Optimizer {
public:
    AdamW(const NamedParameters& parameters, const OptimizerOptions& options)
        : Optimizer(parameters), m_options(options), m_groups(2)
    {
        m_groups[0].weightDecay = options.weightDecay;
        for (const auto& [name, parameter] : parameters) {
            Group& group = m_groups[isDecayed(name) ? 0 : 1];
            group.names.push_back(name);
            group.parameters.push_back(parameter);
            group.firstMoments.push_back(at::zeros_like(parameter.detach()));
            group.secondMoments.push_back(at::zeros_like(parameter.detach()));
            group.steps.push_back(at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false)));
        }
    }

    void step(double learningRate) override
    {
        const c10::NoGradGuard noGrad;
        for (Group& group : m_groups) stepGroup(group, learningRate);
    }

    std::map<std::string, Tensor> state() const override
    {
        std::map<std::string, Tensor> tensors;
        for (const Group& group : m_groups) {
            for (std::size_t i = 0; i < group.names.size(); ++i) {
                tensors["first_moment." + group.names[i]] = group.firstMoments[i];
                tensors["second_moment." + group.names[i]] = group.secondMoments[i];
                tensors["step." + group.names[i]] = group.steps[i];
            }
        }
        return tensors;
    }

private:
    /// Parameters that share a weight decay.
    struct Group {
        double weightDecay = 0.0;
        std::vector<std::string> names;
        std::vector<Tensor> parameters, firstMoments, secondMoments, steps;
    };

    void stepGroup(Group& group, double learningRate) const
    {
        std::vector<Tensor> parameters, gradients, firstMoments, secondMoments, steps;
        for (std::size_t i = 0; i < group.parameters.size(); ++i) {
            if (!group.parameters[i].grad().defined()) continue;
            parameters.push_back(group.parameters[i]);
            gradients.push_back(group.parameters[i].grad());
            firstMoments.push_back(group.firstMoments[i]);
            secondMoments.push_back(group.secondMoments[i]);
            steps.push_back(group.steps[i]);
        }
        if (parameters.empty()) return;
        // The kernel reads the number of updates including this one.
        for (Tensor& count : steps) count.add_(1.0);
        at::_fused_adamw_(parameters, gradients, firstMoments, secondMoments, {}, steps, learningRate, m_options.beta1,
                          m_options.beta2, group.weightDecay, m_options.epsilon, /*amsgrad=*/false,
                          /*maximize=*/false);
    }

    OptimizerOptions m_options;
    std::vector<Group> m_groups;
};

}  // namespace

extern const OptimizerInfo optimizer_adamw;
const OptimizerInfo optimizer_adamw{
    .id = "adamw",
    .make = [](const NamedParameters& parameters, const OptimizerOptions& options) -> std::unique_ptr<Optimizer> {
        return std::make_unique<AdamW>(parameters, options);
    },
};

}  // namespace preflab
