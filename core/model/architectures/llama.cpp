// SPDX-License-Identifier: GPL-3.0-or-later
// Llama (arXiv:2302.13971; grouped queries: arXiv:2305.13245) as Hugging Face's LlamaForCausalLM configures it.
#include "core/model/architecture.h"
#include "core/model/config_options.h"

#include <cmath>

namespace preflab {
namespace {

Result<AttentionDescription> describeAttention(const JsonObject& config, std::int64_t hiddenSize)
{
    AttentionDescription attention;
    TRY(attention.heads, requiredSize(config, "num_attention_heads", config_limits::kHeads));
    TRY(attention.keyValueHeads, optionalSize(config, "num_key_value_heads", config_limits::kHeads, attention.heads));
    if (attention.heads % attention.keyValueHeads != 0) {
        return invalidOption(config, "num_key_value_heads",
                             "must divide num_attention_heads, " + std::to_string(attention.heads));
    }
    if (!config.has("head_dim") && hiddenSize % attention.heads != 0) {
        return invalidOption(config, "num_attention_heads", "must divide hidden_size, " + std::to_string(hiddenSize));
    }
    TRY(attention.headSize, optionalSize(config, "head_dim", config_limits::kHiddenSize, hiddenSize / attention.heads));
    if (attention.headSize % 2 != 0 || attention.heads * attention.headSize > config_limits::kHiddenSize) {
        return invalidOption(config, "head_dim",
                             "must be even and at most " + std::to_string(config_limits::kHiddenSize) +
                                 " over all heads, but is " + std::to_string(attention.headSize));
    }
    TRY(attention.hasQueryKeyValueBias, config.boolean("attention_bias", false));
    attention.hasOutputBias = attention.hasQueryKeyValueBias;
    attention.scale = 1.0 / std::sqrt(static_cast<double>(attention.headSize));
    TRY(attention.rotary, readRotary(config));
    return attention;
}

Result<DecoderDescription> describe(const JsonObject& config)
{
    TRY_VOID(refuseActiveOptions(config, {"attention_bias", "mlp_bias"}));
    TRY(const auto activation, config.string("hidden_act", "silu"));
    if (activation != "silu") return unsupportedOption(config, "hidden_act", activation);
    // The slices of pretraining_tp are summed in another order; Hugging Face dropped it.
    TRY(const auto slices, config.integer("pretraining_tp", 1));
    if (slices != 1) return unsupportedOption(config, "pretraining_tp", std::to_string(slices));

    DecoderDescription decoder;
    decoder.architecture = "llama";
    TRY(decoder.vocabularySize, requiredSize(config, "vocab_size", config_limits::kVocabulary));
    TRY(decoder.hiddenSize, requiredSize(config, "hidden_size", config_limits::kHiddenSize));
    TRY(decoder.maxPositions, optionalSize(config, "max_position_embeddings", config_limits::kPositions, 2048));
    TRY(decoder.normEpsilon, optionalPositive(config, "rms_norm_eps", 1e-6));
    TRY(decoder.isHeadTied, config.boolean("tie_word_embeddings", false));
    LayerDescription layer;
    TRY(layer.attention, describeAttention(config, decoder.hiddenSize));
    TRY(layer.intermediateSize, requiredSize(config, "intermediate_size", config_limits::kIntermediateSize));
    TRY(layer.hasMlpBias, config.boolean("mlp_bias", false));
    TRY(const auto layers, requiredSize(config, "num_hidden_layers", config_limits::kLayers));
    decoder.layers.assign(static_cast<std::size_t>(layers), layer);
    return decoder;
}

/// The weights of one block. `in` is the model's width.
void appendLayer(std::vector<WeightSpec>& weights, const LayerDescription& layer, int index, std::int64_t in)
{
    const std::string block = "model.layers." + std::to_string(index) + ".";
    const auto add = [&](const std::string& name, WeightRole role, std::vector<std::int64_t> shape) {
        weights.push_back(WeightSpec{block + name, role, index, std::move(shape)});
    };
    const AttentionDescription& attention = layer.attention;
    const std::int64_t query = attention.heads * attention.headSize;
    const std::int64_t keyValue = attention.keyValueHeads * attention.headSize;
    add("input_layernorm.weight", WeightRole::AttentionNorm, {in});
    add("self_attn.q_proj.weight", WeightRole::Query, {query, in});
    add("self_attn.k_proj.weight", WeightRole::Key, {keyValue, in});
    add("self_attn.v_proj.weight", WeightRole::Value, {keyValue, in});
    add("self_attn.o_proj.weight", WeightRole::AttentionOutput, {in, query});
    if (attention.hasQueryKeyValueBias) {
        add("self_attn.q_proj.bias", WeightRole::QueryBias, {query});
        add("self_attn.k_proj.bias", WeightRole::KeyBias, {keyValue});
        add("self_attn.v_proj.bias", WeightRole::ValueBias, {keyValue});
    }
    if (attention.hasOutputBias) add("self_attn.o_proj.bias", WeightRole::AttentionOutputBias, {in});
    add("post_attention_layernorm.weight", WeightRole::MlpNorm, {in});
    add("mlp.gate_proj.weight", WeightRole::Gate, {layer.intermediateSize, in});
    add("mlp.up_proj.weight", WeightRole::Up, {layer.intermediateSize, in});
    add("mlp.down_proj.weight", WeightRole::Down, {in, layer.intermediateSize});
    if (layer.hasMlpBias) {
        add("mlp.gate_proj.bias", WeightRole::GateBias, {layer.intermediateSize});
        add("mlp.up_proj.bias", WeightRole::UpBias, {layer.intermediateSize});
        add("mlp.down_proj.bias", WeightRole::DownBias, {in});
    }
}

std::vector<WeightSpec> weightsOf(const DecoderDescription& decoder)
{
    std::vector<WeightSpec> weights;
    const std::vector<std::int64_t> table{decoder.vocabularySize, decoder.hiddenSize};
    weights.push_back({"model.embed_tokens.weight", WeightRole::Embedding, -1, table});
    for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        appendLayer(weights, decoder.layers[i], static_cast<int>(i), decoder.hiddenSize);
    }
    weights.push_back({"model.norm.weight", WeightRole::FinalNorm, -1, {decoder.hiddenSize}});
    if (!decoder.isHeadTied) weights.push_back({"lm_head.weight", WeightRole::Head, -1, table});
    return weights;
}

}  // namespace

extern const ArchitectureInfo architecture_llama;
const ArchitectureInfo architecture_llama{"llama", "Llama", {"LlamaForCausalLM"}, describe, weightsOf};

}  // namespace preflab
