// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a decoder: read from a model folder once, each in its place.
#pragma once

#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/plan/placement.h"
#include "core/train/tensor.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

/// Dtype of weights, residual stream, norms and statistics: float32, or float64.
at::ScalarType masterType(Precision precision);
/// Where a placement's tensors lie.
at::Device deviceOf(const Placement& placement);

/// A trained change of low rank to a frozen linear map (LoRA, arXiv:2106.09685, eq. 3): x W^T + scale * (x A^T) B^T.
struct LowRankAdapter {
    Tensor a;  // (r, in)
    Tensor b;  // (out, r)
    double scale = 1.0;
};

/// A linear map.
struct LinearWeight {
    Tensor weight;  // (out, in)
    Tensor bias;    // (out); undefined if there is none
    std::optional<LowRankAdapter> adapter = {};
};

/// The factors of a norm.
struct NormWeight {
    Tensor weight;  // (H), or (D) for those of heads
    Tensor bias;    // the same; undefined if there is none
};

/// The weights of one model, under Hugging Face's names, in master dtype.
struct DecoderWeights {
    DecoderDescription decoder;
    Placement placement;
    std::map<std::string, Tensor> tensors;
    /// By layers, for the forward pass. Norms that the description lacks are undefined.
    struct Layer {
        NormWeight attentionNorm, attentionOutputNorm, queryNorm, keyNorm, mlpNorm, mlpOutputNorm;
        LinearWeight query, key, value, attentionOutput, gate, up, down;
    };
    std::vector<WeightSpec> specs;  ///< which tensor plays which part
    Tensor embedding;               // (V, H)
    Tensor positions;               // (maxPositions, H); undefined unless they are learned
    NormWeight embeddingNorm;
    std::vector<Layer> layers;
    NormWeight finalNorm;
    LinearWeight head;       // (V, H); the embedding itself when tied
    std::string sourceHash;  ///< ModelFolder::contentHash of the files that were read; empty for made-up weights

    /// Reads every weight, and the files' content hash in the same pass; gradients are enabled when `isTrainable`.
    /// WeightsInvalid for numbers that are not finite in master dtype.
    static Result<DecoderWeights> load(const ModelFolder& model, const Placement& placement, bool isTrainable);
    /// From tensors under the names of `specs`, already in master dtype and in place; used as they are, not copied.
    static DecoderWeights fromTensors(DecoderDescription decoder, std::vector<WeightSpec> specs,
                                      const Placement& placement, std::map<std::string, Tensor> tensors);
    /// Trainable tensors in name order, with their names.
    std::vector<std::pair<std::string, Tensor>> parameters() const;
};

}  // namespace preflab
