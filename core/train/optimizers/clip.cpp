// SPDX-License-Identifier: GPL-3.0-or-later
// Global gradient norm and clipping.
#include "core/train/optimizers/clip.h"

#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <c10/core/GradMode.h>

namespace preflab {

std::vector<Tensor> gradientsOf(const std::vector<Tensor>& parameters)
{
    std::vector<Tensor> gradients;
    for (const Tensor& parameter : parameters) {
        if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
    return gradients;
}

double globalNorm(const std::vector<Tensor>& gradients)
{
    if (gradients.empty()) return 0.0;
    const c10::NoGradGuard noGrad;
    return at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients))).item().toDouble();
}

void clipGradients(std::vector<Tensor>& gradients, double norm, double maxNorm)
{
    const double factor = maxNorm / (norm + 1e-6);
    if (maxNorm <= 0.0 || factor >= 1.0 || gradients.empty()) return;
    const c10::NoGradGuard noGrad;
    at::_foreach_mul_(gradients, factor);
}

}  // namespace preflab
