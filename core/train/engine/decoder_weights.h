// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a decoder: read from a model folder once, each in its place.
#pragma once

#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/plan/placement.h"
#include "core/train/tensor.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace preflab {

/// Dtype of weights, residual stream, norms and statistics: float32, or float64.
at::ScalarType masterType(Precision precision);

/// A linear map.
struct LinearWeight {
    Tensor weight;  // (out, in)
    Tensor bias;    // (out); undefined if there is none
};

/// The factors of a norm.
struct NormWeight {
    Tensor weight;  // (H), or (D) for those of heads
    Tensor bias;    // the same; undefined if there is none
};

/// The weights of one model, under Hugging Face's names, in master dtype.
struct DecoderWeights {
    DecoderDescription decoder;
    Precision precision = Precision::Float32;
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
    static Result<DecoderWeights> load(const ModelFolder& model, Precision precision, bool isTrainable);
    /// From tensors under the names of `specs`, already in master dtype; used as they are, not copied.
    static DecoderWeights fromTensors(DecoderDescription decoder, std::vector<WeightSpec> specs, Precision precision,
                                      std::map<std::string, Tensor> tensors);
    /// Trainable tensors in name order, with their names.
    std::vector<std::pair<std::string, Tensor>> parameters() const;
};

}  // namespace preflab
