// SPDX-License-Identifier: GPL-3.0-or-later
// A whole Llama folder of a few kilobytes: config, weights of small numbers, tokenizer.
#pragma once

#include "core/base/json.h"
#include "core/model/architecture.h"
#include "core/model/safetensors.h"
#include "core/model/safetensors_writer.h"
#include "support/files.h"
#include "support/piece_model.h"

#include <cstring>
#include <string>
#include <vector>

namespace preflab::test {

/// config.json of the tiny model: 2 layers, width 8, 4 heads over 2 key-value heads, 272 pieces.
inline Json tinyConfig()
{
    return parseJson(R"({"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":8,
        "intermediate_size":12,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":272,
        "max_position_embeddings":64,"rms_norm_eps":1e-05,"tie_word_embeddings":true})")
        .value();
}

/// Tensors with the shapes that a config asks for, of type F32, filled with small numbers.
inline std::vector<TensorToWrite> tinyTensors(const Json& config)
{
    const JsonObject object(config, "config.json");
    const ArchitectureInfo& info = *architectureOf(object).value();
    std::vector<TensorToWrite> tensors;
    for (const WeightSpec& weight : info.weights(describeDecoder(info, config, "config.json").value())) {
        const auto fill = [](std::span<std::byte> into) -> Result<> {
            for (std::size_t i = 0; i < into.size() / sizeof(float); ++i) {
                const float value = 0.01F * static_cast<float>(i % 7) - 0.02F;
                std::memcpy(into.data() + i * sizeof(float), &value, sizeof(float));
            }
            return {};
        };
        tensors.push_back({weight.name, TensorType::F32, weight.shape, fill});
    }
    return tensors;
}

/// Writes other weights over a model's.
inline void writeWeights(const std::filesystem::path& folder, const std::vector<TensorToWrite>& tensors)
{
    std::filesystem::remove(folder / "model.safetensors");
    (void)writeSafetensors(folder / "model.safetensors", tensors, {});
}

/// Writes config, weights and the tokenizer of helloModel.
inline std::filesystem::path writeTinyModel(const std::filesystem::path& folder, const Json& config = tinyConfig())
{
    writeFile(folder / "config.json", config.dump());
    writeFile(folder / "tokenizer.model", helloModel());
    (void)writeSafetensors(folder / "model.safetensors", tinyTensors(config), {{"format", "pt"}});
    return folder;
}

}  // namespace preflab::test
