// SPDX-License-Identifier: GPL-3.0-or-later
// The output head: the embedding itself, or a tensor of its own although config.json says otherwise.
#pragma once

#include "core/base/result.h"
#include "core/model/safetensors.h"
#include "core/model/weight_spec.h"

#include <vector>

namespace preflab {

/// The head's name in every family of Hugging Face that can tie it, and the flag in config.json.
constexpr const char* kHeadTensor = "lm_head.weight";
constexpr const char* kTiedKey = "tie_word_embeddings";

/// True if the files hold a head that is another than the embedding among `weights`. A head that was saved a second
/// time has the same bytes; the two are compared in blocks, up to the first difference.
Result<bool> holdsOwnHead(const SafetensorsSet& tensors, const std::vector<WeightSpec>& weights);

}  // namespace preflab
