// SPDX-License-Identifier: GPL-3.0-or-later
// Llama (arXiv:2302.13971; grouped queries: arXiv:2305.13245) as Hugging Face's LlamaForCausalLM configures it.
#include "core/model/architecture.h"
#include "core/model/rotary_config.h"
#include "core/model/weight_list.h"

#include <cmath>

namespace preflab {
namespace {

Result<AttentionDescription> describeAttention(const ConfigReader& config, std::int64_t hiddenSize)
{
    AttentionDescription attention;
    TRY(attention.heads, config.size("num_attention_heads", config_limits::kHeads));
    TRY(attention.keyValueHeads, config.size("num_key_value_heads", config_limits::kHeads, attention.heads));
    if (attention.heads % attention.keyValueHeads != 0) {
        return config.invalid("num_key_value_heads",
                              "must divide num_attention_heads, " + std::to_string(attention.heads));
    }
    if (!config.has("head_dim") && hiddenSize % attention.heads != 0) {
        return config.invalid("num_attention_heads", "must divide hidden_size, " + std::to_string(hiddenSize));
    }
    TRY(attention.headSize, config.size("head_dim", config_limits::kHiddenSize, hiddenSize / attention.heads));
    if (attention.headSize % 2 != 0 || attention.heads * attention.headSize > config_limits::kHiddenSize) {
        return config.invalid("head_dim", "must be even and at most " + std::to_string(config_limits::kHiddenSize) +
                                              " over all heads, but is " + std::to_string(attention.headSize));
    }
    TRY(attention.hasQueryKeyValueBias, config.boolean("attention_bias", false));
    attention.hasOutputBias = attention.hasQueryKeyValueBias;
    attention.scale = 1.0 / std::sqrt(static_cast<double>(attention.headSize));
    TRY(attention.positions, readRotary(config, attention.headSize));
    return attention;
}

Result<MlpDescription> describeMlp(const ConfigReader& config)
{
    MlpDescription mlp;
    TRY(const auto activation, config.string("hidden_act", "silu"));
    if (activation != "silu") return config.unsupported("hidden_act");
    TRY(mlp.innerSize, config.size("intermediate_size", config_limits::kIntermediateSize));
    TRY(mlp.hasBias, config.boolean("mlp_bias", false));
    return mlp;
}

Result<DecoderDescription> describe(const ConfigReader& config)
{
    // The slices of pretraining_tp are summed in another order; Hugging Face dropped it.
    TRY(const auto slices, config.size("pretraining_tp", config_limits::kHiddenSize, 1));
    if (slices != 1) return config.unsupported("pretraining_tp");

    DecoderDescription decoder;
    decoder.architecture = "llama";
    TRY(decoder.vocabularySize, config.size("vocab_size", config_limits::kVocabulary));
    TRY(decoder.hiddenSize, config.size("hidden_size", config_limits::kHiddenSize));
    TRY(decoder.maxPositions, config.size("max_position_embeddings", config_limits::kPositions, 2048));
    NormDescription norm;
    TRY(norm.epsilon, config.positive("rms_norm_eps", 1e-6));
    decoder.finalNorm = norm;
    TRY(decoder.isHeadTied, config.boolean("tie_word_embeddings", false));
    LayerDescription layer;
    layer.attentionNorm = norm;
    TRY(layer.attention, describeAttention(config, decoder.hiddenSize));
    layer.mlpNorm = norm;
    TRY(layer.mlp, describeMlp(config));
    TRY(const auto layers, config.size("num_hidden_layers", config_limits::kLayers));
    decoder.layers.assign(static_cast<std::size_t>(layers), layer);
    return decoder;
}

void appendLayer(WeightList& list, const LayerDescription& layer, std::int64_t width)
{
    const AttentionDescription& attention = layer.attention;
    const std::int64_t query = attention.heads * attention.headSize;
    const std::int64_t keyValue = attention.keyValueHeads * attention.headSize;
    list.norm("input_layernorm", WeightRole::AttentionNorm, layer.attentionNorm, width);
    list.linear("self_attn.q_proj", WeightRole::Query, query, width, attention.hasQueryKeyValueBias);
    list.linear("self_attn.k_proj", WeightRole::Key, keyValue, width, attention.hasQueryKeyValueBias);
    list.linear("self_attn.v_proj", WeightRole::Value, keyValue, width, attention.hasQueryKeyValueBias);
    list.linear("self_attn.o_proj", WeightRole::AttentionOutput, width, query, attention.hasOutputBias);
    list.norm("post_attention_layernorm", WeightRole::MlpNorm, layer.mlpNorm, width);
    list.linear("mlp.gate_proj", WeightRole::Gate, layer.mlp.innerSize, width, layer.mlp.hasBias);
    list.linear("mlp.up_proj", WeightRole::Up, layer.mlp.innerSize, width, layer.mlp.hasBias);
    list.linear("mlp.down_proj", WeightRole::Down, width, layer.mlp.innerSize, layer.mlp.hasBias);
}

std::vector<WeightSpec> weightsOf(const DecoderDescription& decoder)
{
    WeightList list;
    list.table("model.embed_tokens", WeightRole::Embedding, decoder.vocabularySize, decoder.hiddenSize);
    for (std::size_t i = 0; i < decoder.layers.size(); ++i) {
        list.beginBlock(static_cast<int>(i), "model.layers." + std::to_string(i) + ".");
        appendLayer(list, decoder.layers[i], decoder.hiddenSize);
    }
    list.beginBlock(-1, "");
    list.norm("model.norm", WeightRole::FinalNorm, decoder.finalNorm, decoder.hiddenSize);
    if (!decoder.isHeadTied) list.table("lm_head", WeightRole::Head, decoder.vocabularySize, decoder.hiddenSize);
    return list.take();
}

constexpr const char* kExample = R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama",
    "vocab_size": 272, "hidden_size": 12, "intermediate_size": 10, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 4, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "hidden_act": "silu",
    "attention_bias": true, "mlp_bias": true, "tie_word_embeddings": false, "pretraining_tp": 1, "rope_theta": 100.0,
    "rope_scaling": {"rope_type": "llama3", "factor": 3.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                     "original_max_position_embeddings": 40}})";

}  // namespace

extern const ArchitectureInfo architecture_llama;
const ArchitectureInfo architecture_llama{.id = "llama",
                                          .title = "Llama",
                                          .classNames = {"LlamaForCausalLM"},
                                          .basePrefix = "model.",
                                          .example = kExample,
                                          .describe = describe,
                                          .weights = weightsOf};

}  // namespace preflab
