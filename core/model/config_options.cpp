// SPDX-License-Identifier: GPL-3.0-or-later
// Checked reading of config.json.
#include "core/model/config_options.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace preflab {
namespace {

/// A key that changes the forward pass, and the values (as JSON) with which it does not. Null always leaves it.
struct NeutralOption {
    std::string_view key;
    std::initializer_list<std::string_view> neutral;
};

// Gathered from the configurations of Hugging Face's decoder families: what one of them obeys, another file may set.
const NeutralOption kNeutralOptions[] = {
    // attention
    {"sliding_window", {}},
    {"use_sliding_window", {"false"}},
    {"attention_bias", {"false"}},
    {"qkv_bias", {"false"}},
    {"use_qkv_bias", {"false"}},
    {"attention_out_bias", {"false"}},
    {"attn_logit_softcapping", {}},
    {"query_pre_attn_scalar", {}},
    {"attention_multiplier", {}},
    {"attn_temperature_tuning", {"false", "0"}},
    {"scale_attn_weights", {"true"}},
    {"scale_attn_by_inverse_layer_idx", {"false"}},
    {"use_qk_norm", {"false"}},
    {"qk_norm", {"false"}},
    {"qk_layernorm", {"false"}},
    {"clip_qkv", {}},
    {"attention_chunk_size", {}},
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
    {"rope_local_base_freq", {}},
    {"no_rope_layers", {"[]"}},
    {"no_rope_layer_interval", {"0"}},
    {"position_embedding_type", {"\"rope\"", "\"absolute\""}},
    {"mrope_section", {}},
    // blocks and MLP
    {"mlp_bias", {"false"}},
    {"use_bias", {"false"}},
    {"bias", {"false"}},
    {"parallel_attn", {"false"}},
    {"use_parallel_residual", {"false"}},
    {"residual_multiplier", {"1"}},
    {"scale_depth", {}},
    {"num_local_experts", {"0"}},
    {"num_experts", {"0"}},
    {"n_routed_experts", {"0"}},
    {"hidden_activation", {"\"silu\""}},
    // embedding and head
    {"embedding_multiplier", {"1"}},
    {"scale_emb", {"1"}},
    {"scale_embedding", {"false"}},
    {"dim_model_base", {}},
    {"logit_scale", {"1"}},
    {"logits_scaling", {"1"}},
    {"final_logit_softcapping", {}},
    {"lm_head_bias", {"false"}},
    // storage
    {"quantization_config", {}},
    {"compression_config", {}},
};

bool isNeutral(const Json& value, const NeutralOption& option)
{
    if (value.is_null()) return true;
    return std::any_of(option.neutral.begin(), option.neutral.end(), [&value](std::string_view text) {
        return value == Json::parse(text);  // 1 and 1.0 are equal
    });
}

Result<> checkLayerTypes(const JsonObject& config)
{
    if (!config.has("layer_types")) return {};
    for (const Json& type : *config.json().find("layer_types")) {
        if (type != "full_attention") return unsupportedOption(config, "layer_types", type.dump());
    }
    return {};
}

constexpr std::string_view kRotaryKeys[] = {"type",
                                            "rope_type",
                                            "factor",
                                            "low_freq_factor",
                                            "high_freq_factor",
                                            "original_max_position_embeddings",
                                            "rope_theta",
                                            "partial_rotary_factor"};

/// Anything in the rotary section that we do not read changes the frequencies.
Result<> checkRotaryKeys(const JsonObject& section)
{
    for (const auto& item : section.json().items()) {
        const std::string& key = item.key();
        const bool isKnown = std::find(std::begin(kRotaryKeys), std::end(kRotaryKeys), key) != std::end(kRotaryKeys);
        const bool isActive = !item.value().is_null() && !(key == "partial_rotary_factor" && item.value() == 1);
        if (isActive && (!isKnown || key == "partial_rotary_factor")) {
            return unsupportedOption(section, key, item.value().dump());
        }
    }
    return {};
}

Result<double> positiveIn(const JsonObject& section, std::string_view key)
{
    if (!section.has(key)) return invalidOption(section, key, "this key of the rotary scaling is missing");
    return optionalPositive(section, key, 1.0);
}

Result<> readScaling(const JsonObject& section, const std::string& type, RotaryDescription& rotary)
{
    TRY(rotary.factor, positiveIn(section, "factor"));
    if (type == "linear") {
        rotary.scaling = RotaryScaling::Linear;
        return {};
    }
    rotary.scaling = RotaryScaling::Llama3;
    TRY(rotary.lowFrequencyFactor, positiveIn(section, "low_freq_factor"));
    TRY(rotary.highFrequencyFactor, positiveIn(section, "high_freq_factor"));
    if (rotary.highFrequencyFactor <= rotary.lowFrequencyFactor) {
        return invalidOption(section, "high_freq_factor", "must be above low_freq_factor");
    }
    TRY(rotary.originalMaxPositions,
        requiredSize(section, "original_max_position_embeddings", config_limits::kPositions));
    return {};
}

/// What `rope_scaling` or `rope_parameters` says. `isThetaGiven`: rope_theta stands outside of it as well.
Result<> readSection(const JsonObject& section, bool isThetaGiven, RotaryDescription& rotary)
{
    TRY(const auto oldType, section.string("type", "default"));
    TRY(const auto type, section.string("rope_type", oldType));
    if (type != "default" && type != "linear" && type != "llama3") {
        return unsupportedOption(section, section.has("rope_type") ? "rope_type" : "type", type);
    }
    TRY_VOID(checkRotaryKeys(section));
    TRY(const double theta, optionalPositive(section, "rope_theta", rotary.theta));
    if (isThetaGiven && theta != rotary.theta) {
        return invalidOption(section, "rope_theta", "differs from the rope_theta outside");
    }
    rotary.theta = theta;
    if (type == "default") return {};
    return readScaling(section, type, rotary);
}

}  // namespace

tl::unexpected<Error> invalidOption(const JsonObject& config, std::string_view key, const std::string& reason)
{
    return fail(ErrorCode::ConfigInvalid,
                {{"path", config.file().string()}, {"key", std::string(key)}, {"reason", reason}});
}

tl::unexpected<Error> unsupportedOption(const JsonObject& config, std::string_view key, const std::string& value)
{
    return fail(ErrorCode::ConfigUnsupported,
                {{"path", config.file().string()}, {"key", std::string(key)}, {"value", value}});
}

Result<std::int64_t> requiredSize(const JsonObject& config, std::string_view key, std::int64_t limit)
{
    TRY(const auto value, config.integer(key));
    if (value < 1 || value > limit) {
        return invalidOption(config, key,
                             "must be from 1 to " + std::to_string(limit) + ", but is " + std::to_string(value));
    }
    return value;
}

Result<std::int64_t> optionalSize(const JsonObject& config, std::string_view key, std::int64_t limit,
                                  std::int64_t fallback)
{
    return config.has(key) ? requiredSize(config, key, limit) : fallback;
}

Result<double> optionalPositive(const JsonObject& config, std::string_view key, double fallback)
{
    TRY(const double value, config.number(key, fallback));
    if (!std::isfinite(value) || value <= 0) return invalidOption(config, key, "must be a number above 0");
    return value;
}

Result<> refuseActiveOptions(const JsonObject& config, std::initializer_list<std::string_view> handled)
{
    for (const NeutralOption& option : kNeutralOptions) {
        if (std::find(handled.begin(), handled.end(), option.key) != handled.end()) continue;
        const auto found = config.json().find(option.key);
        if (found == config.json().end() || isNeutral(*found, option)) continue;
        return unsupportedOption(config, option.key, found->dump());
    }
    return checkLayerTypes(config);
}

Result<RotaryDescription> readRotary(const JsonObject& config)
{
    RotaryDescription rotary;
    TRY(rotary.theta, optionalPositive(config, "rope_theta", rotary.theta));
    if (config.has("rope_parameters") && config.has("rope_scaling")) {
        return invalidOption(config, "rope_scaling", "stands beside rope_parameters, and only one can be meant");
    }
    const std::string name = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
    if (!config.has(name)) return rotary;
    const Json& json = *config.json().find(name);
    if (!json.is_object()) return invalidOption(config, name, "must be an object");
    auto read = readSection(JsonObject(json, config.file()), config.has("rope_theta"), rotary);
    if (!read) {
        Error error = std::move(read).error();
        error.arguments["key"].insert(0, name + ".");
        return tl::unexpected<Error>(std::move(error));
    }
    return rotary;
}

}  // namespace preflab
