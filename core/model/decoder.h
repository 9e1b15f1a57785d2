// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder description: plain data that says what a forward pass computes. Architectures produce it from
// config.json; engines execute it. Only what some architecture uses stands here: a new family that needs a new
// option adds it with the default that keeps the others as they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace preflab {

/// x / sqrt(mean(x^2) + epsilon) * weight (RMSNorm, arXiv:1910.07467 eq. 4) is the only kind so far.
enum class NormKind { RootMeanSquare };
/// Where a block normalises: before attention and MLP, with a final norm behind the last block.
enum class NormPlacement { Before };
/// How positions enter: rotary embedding in the half-split layout of Hugging Face (arXiv:2104.09864).
enum class PositionKind { Rotary };
/// down(silu(gate(x)) * up(x)) (arXiv:2002.05202).
enum class MlpKind { GatedSilu };

/// How rotary frequencies are stretched; ids are Hugging Face's `rope_type`.
enum class RotaryScaling { None, Linear, Llama3 };

/// Rotary embedding of one layer: frequency_i = theta^(-2i/headSize), then scaled.
struct RotaryDescription {
    double theta = 10000.0;
    RotaryScaling scaling = RotaryScaling::None;
    double factor = 1.0;                    ///< Linear and Llama3
    double lowFrequencyFactor = 1.0;        ///< Llama3
    double highFrequencyFactor = 4.0;       ///< Llama3
    std::int64_t originalMaxPositions = 0;  ///< Llama3

    bool operator==(const RotaryDescription&) const = default;
};

/// Attention of one layer: causal, `heads` query heads over `keyValueHeads` shared ones (GQA).
struct AttentionDescription {
    std::int64_t heads = 0;
    std::int64_t keyValueHeads = 0;
    std::int64_t headSize = 0;
    bool hasQueryKeyValueBias = false;
    bool hasOutputBias = false;
    double scale = 0.0;  ///< of q·k, normally 1/sqrt(headSize)
    RotaryDescription rotary;
};

/// One block.
struct LayerDescription {
    AttentionDescription attention;
    MlpKind mlp = MlpKind::GatedSilu;
    std::int64_t intermediateSize = 0;
    bool hasMlpBias = false;
};

/// A whole decoder-only model.
struct DecoderDescription {
    std::string architecture;  ///< "llama"
    std::int64_t vocabularySize = 0;
    std::int64_t hiddenSize = 0;
    std::int64_t maxPositions = 0;
    NormKind norm = NormKind::RootMeanSquare;
    NormPlacement normPlacement = NormPlacement::Before;
    PositionKind positions = PositionKind::Rotary;
    double normEpsilon = 1e-5;
    bool isHeadTied = false;  ///< the output projection is the embedding itself
    std::vector<LayerDescription> layers;
};

/// A weight's part in the decoder.
enum class WeightRole {
    Embedding,
    AttentionNorm,
    Query,
    Key,
    Value,
    AttentionOutput,
    MlpNorm,
    Gate,
    Up,
    Down,
    FinalNorm,
    Head,
    QueryBias,
    KeyBias,
    ValueBias,
    AttentionOutputBias,
    GateBias,
    UpBias,
    DownBias
};

/// One weight that the description calls for. Linear weights are (out, in), as in Hugging Face files.
struct WeightSpec {
    std::string name;  ///< Hugging Face's name, e.g. "model.layers.0.self_attn.q_proj.weight"
    WeightRole role = WeightRole::Embedding;
    int layer = -1;  ///< -1 outside the blocks
    std::vector<std::int64_t> shape;
    std::int64_t count() const;
};

/// Number of parameters of a weight list; a tied embedding counts once.
std::int64_t parameterCount(const std::vector<WeightSpec>& weights);

}  // namespace preflab
