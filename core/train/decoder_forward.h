// SPDX-License-Identifier: GPL-3.0-or-later
// The one readable network: executes a decoder description in ATen, with autograd, in float32, float64, or
// bfloat16 products over float32 master weights. It is the oracle for faster engines.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/model/model_folder.h"
#include "core/plan/placement.h"
#include "core/train/tensor.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// Dtype of weights, residual stream, norms and statistics: float32, or float64.
at::ScalarType masterType(Precision precision);

/// The weights of one model, under Hugging Face's names, in master dtype.
struct DecoderWeights {
    DecoderDescription decoder;
    Precision precision = Precision::Float32;
    std::map<std::string, Tensor> tensors;
    /// By layers, for the forward pass.
    struct Layer {
        Tensor attentionNorm, query, key, value, attentionOutput, mlpNorm, gate, up, down;      // linear: (out, in)
        Tensor queryBias, keyBias, valueBias, attentionOutputBias, gateBias, upBias, downBias;  // undefined if none
    };
    std::vector<WeightSpec> specs;  ///< which tensor plays which part
    Tensor embedding;               // (V, H)
    std::vector<Layer> layers;
    Tensor finalNorm;  // (H)
    Tensor head;       // (V, H); the embedding itself when tied

    /// Reads every weight; gradients are enabled when `isTrainable`.
    static Result<DecoderWeights> load(const ModelFolder& model, Precision precision, bool isTrainable);
    /// From tensors under the names of `specs`, already in master dtype; used as they are, not copied.
    static DecoderWeights fromTensors(DecoderDescription decoder, std::vector<WeightSpec> specs, Precision precision,
                                      std::map<std::string, Tensor> tensors);
    /// A deep copy without gradients (a frozen reference).
    DecoderWeights frozenCopy() const;
    /// Trainable tensors in name order, with their names.
    std::vector<std::pair<std::string, Tensor>> parameters() const;
};

/// Keys and values of the tokens seen so far, for generation. (K heads; grows along positions)
struct KeyValueCache {
    struct Layer {
        Tensor keys, values;
    };  // (B, K, T, D)
    std::vector<Layer> layers;
    std::int64_t positions = 0;
};

/// Hidden states after the final norm. `ids` (B, T) int64, right-padded: causal attention never lets a real token
/// see padding, so real positions need no mask. With a cache, `ids` continue it. `lengths` (B) int64 hides padding
/// keys from padded positions too, as Hugging Face's attention mask does; ORPO's logits/* metrics average over those
/// positions (trl-spec 2.4). Returns (B, T, H).
Tensor decoderHidden(const DecoderWeights& weights, const Tensor& ids, KeyValueCache* cache = nullptr,
                     const Tensor& lengths = {});

/// Logits of hidden states, float32 (float64 in fp64): (..., H) -> (..., V).
Tensor decoderLogits(const DecoderWeights& weights, const Tensor& hidden);

}  // namespace preflab
