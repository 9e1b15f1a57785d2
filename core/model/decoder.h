// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder description: plain data that says what a forward pass computes. Architectures produce it from
// config.json; engines execute it. Choices are variants or enums without a default branch at their users, so that a
// new one does not compile until every user says what it does with it. What is absent is an empty optional.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace preflab {

/// How a vector is normalised.
enum class NormKind {
    RootMeanSquare,  ///< x / sqrt(mean(x^2) + epsilon), arXiv:1910.07467 eq. 4
    Layer            ///< (x - mean(x)) / sqrt(variance(x) + epsilon), arXiv:1607.06450
};

/// One normalisation: normalised(x) * (weight + weightOffset) + bias.
struct NormDescription {
    NormKind kind = NormKind::RootMeanSquare;
    double epsilon = 1e-5;
    double weightOffset = 0.0;  ///< 1 where files hold weight - 1, as Gemma's do
    bool hasBias = false;
};

/// Frequencies as they are.
struct UnscaledRotary {
    bool operator==(const UnscaledRotary&) const = default;
};

/// Every frequency divided by `factor` (arXiv:2306.15595).
struct LinearRotary {
    double factor = 1.0;

    bool operator==(const LinearRotary&) const = default;
};

/// Long wavelengths divided by `factor`, short ones as they are, in between a linear blend (Llama 3.1).
struct Llama3Rotary {
    double factor = 1.0;
    double lowFrequencyFactor = 1.0;
    double highFrequencyFactor = 4.0;
    std::int64_t originalMaxPositions = 0;

    bool operator==(const Llama3Rotary&) const = default;
};

/// How rotary frequencies are stretched; ids are Hugging Face's `rope_type`.
using RotaryScaling = std::variant<UnscaledRotary, LinearRotary, Llama3Rotary>;

/// Rotary embedding in the half-split layout of Hugging Face (arXiv:2104.09864): the first `width` numbers of each
/// head are rotated with frequency_i = theta^(-2i/width), then scaled; the others stay as they are.
struct RotaryPositions {
    double theta = 10000.0;
    std::int64_t width = 0;  ///< even, at most the head's size
    RotaryScaling scaling;

    bool operator==(const RotaryPositions&) const = default;
};

/// Attention that knows no positions besides the causal order.
struct NoPositions {
    bool operator==(const NoPositions&) const = default;
};

/// How positions enter one layer's attention.
using PositionDescription = std::variant<NoPositions, RotaryPositions>;

/// Attention of one layer: causal, `heads` query heads over `keyValueHeads` shared ones (GQA, arXiv:2305.13245).
struct AttentionDescription {
    std::int64_t heads = 0;
    std::int64_t keyValueHeads = 0;
    std::int64_t headSize = 0;
    bool hasQueryKeyValueBias = false;
    bool hasOutputBias = false;
    double scale = 0.0;                        ///< of q·k, normally 1/sqrt(headSize)
    std::optional<double> scoreCap;            ///< scores become cap * tanh(score / cap) (Gemma 2, arXiv:2408.00118)
    std::optional<std::int64_t> window;        ///< a token sees itself and the window - 1 tokens before it
    std::optional<NormDescription> queryNorm;  ///< over each head's numbers, before rotation
    std::optional<NormDescription> keyNorm;
    PositionDescription positions;
};

/// The function between an MLP's products.
enum class Activation {
    Silu,      ///< x * sigmoid(x)
    Gelu,      ///< x * Phi(x), with the error function
    GeluTanh,  ///< its approximation by tanh, Hugging Face's `gelu_new` and `gelu_pytorch_tanh`
    Relu
};

/// down(activation(gate(x)) * up(x)) when gated (arXiv:2002.05202), else down(activation(up(x))).
struct MlpDescription {
    std::int64_t innerSize = 0;
    bool isGated = true;
    Activation activation = Activation::Silu;
    bool hasBias = false;
};

/// One block: x += residualScale * attention(x), then x += residualScale * mlp(x). Each may be normalised before and
/// after.
struct LayerDescription {
    std::optional<NormDescription> attentionNorm;  ///< before attention
    AttentionDescription attention;
    std::optional<NormDescription> attentionOutputNorm;  ///< behind it, before the sum
    std::optional<NormDescription> mlpNorm;              ///< before the MLP
    MlpDescription mlp;
    std::optional<NormDescription> mlpOutputNorm;  ///< behind it, before the sum
};

/// A whole decoder-only model.
struct DecoderDescription {
    std::string architecture;  ///< "llama"
    std::int64_t vocabularySize = 0;
    std::int64_t hiddenSize = 0;
    std::int64_t maxPositions = 0;
    bool hasLearnedPositions = false;              ///< a vector for each position is added to the embedding (GPT-2)
    double embeddingScale = 1.0;                   ///< of the token's embedding, before positions and norm
    std::optional<NormDescription> embeddingNorm;  ///< behind the embedding
    std::vector<LayerDescription> layers;
    double residualScale = 1.0;  ///< of what a block adds
    std::optional<NormDescription> finalNorm;
    bool isHeadTied = false;  ///< the output projection is the embedding itself
    double logitScale = 1.0;
    std::optional<double> logitCap;  ///< logits become cap * tanh(logit / cap), after the scale
};

}  // namespace preflab
