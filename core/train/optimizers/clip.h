// SPDX-License-Identifier: GPL-3.0-or-later
// Gradient clipping by the global L2 norm, as torch.nn.utils.clip_grad_norm_.
#pragma once

#include "core/train/tensor.h"

#include <vector>

namespace preflab {

/// Defined gradients of `parameters`, in their order.
std::vector<Tensor> gradientsOf(const std::vector<Tensor>& parameters);

/// L2 norm over all gradients together; 0 without any. A tied weight stands in the list once and counts once.
double globalNorm(const std::vector<Tensor>& gradients);

/// Scales the gradients by min(1, maxNorm / (norm + 1e-6)); `maxNorm` 0 leaves them alone. `norm` is theirs.
void clipGradients(std::vector<Tensor>& gradients, double norm, double maxNorm);

}  // namespace preflab
