// SPDX-License-Identifier: GPL-3.0-or-later
// The two lists: keys that never matter here, and options with the values that change nothing.
#include "core/model/config_keys.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string_view>

namespace preflab {
namespace {

/// What does not touch a decoder's logits, whatever its value. Dropout of a classifier's head and the like belong
/// here, because no such head is computed.
constexpr std::string_view kHarmlessKeys[] = {
    // what the model is called, who wrote the file, and how weights are stored (their own headers say how they are)
    "_name_or_path", "name_or_path", "model_name", "_commit_hash", "architectures", "model_type", "auto_map",
    "transformers_version", "transformers.js_config", "unsloth_version", "unsloth_fixed", "is_llama_config",
    "torch_dtype", "dtype", "use_safetensors", "tokenizer_class", "license", "language", "tags", "description",
    // tokens and generation, read elsewhere or not at all
    "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "mask_token_id",
    "decoder_start_token_id", "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens", "begin_suppress_tokens",
    "bad_words_ids", "max_length", "min_length", "max_new_tokens", "do_sample", "early_stopping", "num_beams",
    "num_beam_groups", "num_return_sequences", "diversity_penalty", "temperature", "top_k", "top_p", "typical_p",
    "repetition_penalty", "length_penalty", "exponential_decay_length_penalty", "no_repeat_ngram_size",
    "encoder_no_repeat_ngram_size", "remove_invalid_values", "use_cache", "cache_implementation", "max_sequence_length",
    "generation_config",
    // how Python runs the model
    "initializer_range", "_attn_implementation", "attn_implementation", "_attn_implementation_autoset",
    "_flash_attn_2_enabled", "use_flash_attn", "use_flash_attention", "gradient_checkpointing", "torchscript",
    "use_bfloat16", "return_dict", "return_dict_in_generate", "output_attentions", "output_hidden_states",
    "output_scores", "chunk_size_feed_forward", "tf_legacy_loss", "is_decoder", "cross_attention_hidden_size",
    "tie_encoder_decoder", "prefix",
    // heads of other tasks
    "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params",
    "classifier_dropout", "classifier_dropout_prob", "summary_activation", "summary_first_dropout",
    "summary_proj_to_labels", "summary_type", "summary_use_proj"};

/// An option and the values (as JSON) with which it changes nothing. Null never does.
struct NeutralOption {
    std::string_view key;
    std::initializer_list<std::string_view> neutral;
};

// Gathered from the configurations of Hugging Face's decoder families. Training switches dropout on, so a rate that is
// not 0 is no harmless key.
const NeutralOption kNeutralOptions[] = {
    // dropout
    {"attention_dropout", {"0"}},
    {"attention_probs_dropout_prob", {"0"}},
    {"attn_dropout", {"0"}},
    {"attn_pdrop", {"0"}},
    {"activation_dropout", {"0"}},
    {"dropout", {"0"}},
    {"embd_pdrop", {"0"}},
    {"embedding_dropout", {"0"}},
    {"ffn_dropout", {"0"}},
    {"hidden_dropout", {"0"}},
    {"hidden_dropout_prob", {"0"}},
    {"layerdrop", {"0"}},
    {"mlp_dropout", {"0"}},
    {"resid_dropout", {"0"}},
    {"resid_pdrop", {"0"}},
    {"residual_dropout", {"0"}},
    // attention
    {"use_sliding_window", {"false"}},
    {"attention_bias", {"false"}},
    {"qkv_bias", {"false"}},
    {"use_qkv_bias", {"false"}},
    {"attention_out_bias", {"false"}},
    {"attn_temperature_tuning", {"false", "0"}},
    {"scale_attn_weights", {"true"}},
    {"scale_attn_by_inverse_layer_idx", {"false"}},
    {"reorder_and_upcast_attn", {"false"}},
    {"use_qk_norm", {"false"}},
    {"qk_norm", {"false"}},
    {"qk_layernorm", {"false"}},
    {"kv_lora_rank", {"0"}},
    {"q_lora_rank", {"0"}},
    {"num_kv_shared_layers", {"0"}},
    {"add_cross_attention", {"false"}},
    {"is_encoder_decoder", {"false"}},
    {"cross_attention_layers", {"[]"}},
    {"pruned_heads", {"{}"}},
    // positions
    {"alibi", {"false"}},
    {"partial_rotary_factor", {"1"}},
    {"rotary_pct", {"1"}},
    {"rope_interleave", {"false"}},
    {"rope_interleaved", {"false"}},
    {"no_rope_layers", {"[]"}},
    {"no_rope_layer_interval", {"0"}},
    {"position_embedding_type", {"\"rope\"", "\"absolute\""}},
    // blocks and MLP
    {"mlp_bias", {"false"}},
    {"use_bias", {"false"}},
    {"bias", {"false"}},
    {"parallel_attn", {"false"}},
    {"use_parallel_residual", {"false"}},
    {"residual_multiplier", {"1"}},
    {"num_local_experts", {"0"}},
    {"num_experts", {"0"}},
    {"n_routed_experts", {"0"}},
    {"hidden_activation", {"\"silu\""}},
    // embedding and head
    {"embedding_multiplier", {"1"}},
    {"scale_emb", {"1"}},
    {"scale_embedding", {"false"}},
    {"logit_scale", {"1"}},
    {"logits_scaling", {"1"}},
    {"lm_head_bias", {"false"}},
};

bool isHarmless(std::string_view key)
{
    return std::find(std::begin(kHarmlessKeys), std::end(kHarmlessKeys), key) != std::end(kHarmlessKeys);
}

/// `layer_types` names each layer's attention; all of the plain kind say nothing new.
bool areAllFull(const Json& types)
{
    return types.is_array() &&
           std::all_of(types.begin(), types.end(), [](const Json& type) { return type == "full_attention"; });
}

bool isNeutral(const std::string& key, const Json& value)
{
    if (key == "layer_types") return areAllFull(value);
    const auto option = std::find_if(std::begin(kNeutralOptions), std::end(kNeutralOptions),
                                     [&key](const NeutralOption& known) { return known.key == key; });
    if (option == std::end(kNeutralOptions)) return false;
    return std::any_of(option->neutral.begin(), option->neutral.end(), [&value](std::string_view text) {
        return value == Json::parse(text);  // 1 and 1.0 are equal
    });
}

}  // namespace

Result<> refuseUnreadKeys(const ConfigReader& config)
{
    for (const auto& item : config.object().json().items()) {
        const std::string& key = item.key();
        if (config.isRead(key) || item.value().is_null() || isHarmless(key) || isNeutral(key, item.value())) continue;
        return config.unsupported(key);
    }
    return {};
}

}  // namespace preflab
