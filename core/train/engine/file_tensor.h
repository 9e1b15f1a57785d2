// SPDX-License-Identifier: GPL-3.0-or-later
// Weights inside the tensors of a model's files: fused, transposed, and the way back.
#pragma once

#include "core/model/weight_spec.h"
#include "core/train/tensor.h"

namespace preflab {

/// The weight that lies in a file's tensor at `source`, in the weight's own shape; memory of its own, unless the
/// tensor is the weight as it stands.
Tensor weightIn(const Tensor& fileTensor, const WeightSource& source);

/// Writes a weight to its place in a file's tensor, converted to that tensor's dtype.
void storeWeight(Tensor& fileTensor, const WeightSource& source, const Tensor& weight);

}  // namespace preflab
