// SPDX-License-Identifier: GPL-3.0-or-later
// The narrow torch headers that every unit needs; operators are included one by one as <ATen/ops/….h>.
// Letters in shape comments: B sequences (chosen then rejected: 2 x pairs), P pairs, T positions, V vocabulary,
// H hidden size, A query heads, K key/value heads, D head size.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/variable.h>

namespace preflab {
using at::Tensor;
}  // namespace preflab
