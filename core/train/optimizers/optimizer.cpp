// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW over at::_fused_adamw_.
#include "core/train/optimizers/optimizer.h"

#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cctype>

namespace preflab {

// transformers' forbidden name patterns: bias, layernorm, rmsnorm, (^|.)norm($|.), _norm($|.), where "." stands for a
// dot or an end. A whole name part "norm" or one that ends in "_norm" covers the last two.
bool isDecayed(std::string_view parameterName)
{
    std::string name(parameterName);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string_view word : {"bias", "layernorm", "rmsnorm"}) {
        if (name.find(word) != std::string::npos) return false;
    }
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        const std::string_view part = std::string_view(name).substr(begin, end - begin);
        if (part == "norm" || part.ends_with("_norm")) return false;
        begin = end + 1;
    }
    return true;
}

AdamW::AdamW(std::vector<std::pair<std::string, Tensor>> parameters, const AdamWOptions& options)
    : m_options(options), m_groups(2)
{
    m_groups[0].weightDecay = options.weightDecay;
    for (const auto& [name, parameter] : parameters) {
        Group& group = m_groups[isDecayed(name) ? 0 : 1];
        m_parameters.push_back(parameter);
        group.parameters.push_back(parameter);
        group.firstMoments.push_back(at::zeros_like(parameter.detach()));
        group.secondMoments.push_back(at::zeros_like(parameter.detach()));
        group.steps.push_back(at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false)));
    }
}

void AdamW::step(double learningRate)
{
    const c10::NoGradGuard noGrad;
    for (Group& group : m_groups) stepGroup(group, m_options, learningRate);
}

void AdamW::stepGroup(Group& group, const AdamWOptions& options, double learningRate)
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
    at::_fused_adamw_(parameters, gradients, firstMoments, secondMoments, {}, steps, learningRate, options.beta1,
                      options.beta2, group.weightDecay, options.epsilon, /*amsgrad=*/false, /*maximize=*/false);
}

void AdamW::clearGradients()
{
    for (Tensor& parameter : m_parameters) parameter.mutable_grad().reset();
}

}  // namespace preflab
