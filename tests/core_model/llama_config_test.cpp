// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of Llama's config.json: what it means, what is wrong, what is not supported.
#include "core/model/architecture.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QtTest>

#include <cmath>
#include <variant>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

/// The tiny config with other values; null removes nothing, it stands there as null.
Json changed(const std::string& changes)
{
    Json config = test::tinyConfig();
    const Json parsed = parseJson(changes).value();
    for (const auto& item : parsed.items()) config[item.key()] = item.value();
    return config;
}

Result<DecoderDescription> describeConfig(const Json& config)
{
    const JsonObject object(config, "config.json");
    auto info = architectureOf(object);
    if (!info) return tl::unexpected<Error>(info.error());
    return describeDecoder(**info, config, object.file());
}

Result<DecoderDescription> describe(const std::string& changes)
{
    return describeConfig(changed(changes));
}

}  // namespace

Q_DECLARE_METATYPE(preflab::RotaryPositions)

class LlamaConfigTest : public QObject {
    Q_OBJECT

private slots:
    void describesTheTinyModel()
    {
        const auto decoder = describe("{}");
        QCOMPARE(problemOf(decoder), QString());
        QCOMPARE(decoder->architecture, std::string("llama"));
        QCOMPARE(decoder->vocabularySize, 272);
        QCOMPARE(decoder->hiddenSize, 8);
        QCOMPARE(decoder->maxPositions, 64);
        QCOMPARE(decoder->finalNorm->epsilon, 1e-5);
        QVERIFY(decoder->finalNorm->kind == NormKind::RootMeanSquare && !decoder->finalNorm->hasBias);
        QVERIFY(decoder->isHeadTied);
        QCOMPARE(decoder->layers.size(), std::size_t{2});
        const auto& layer = decoder->layers[1];
        QCOMPARE(layer.mlp.innerSize, 12);
        QVERIFY(layer.mlp.isGated && layer.mlp.activation == Activation::Silu);
        QCOMPARE(layer.attention.heads, 4);
        QCOMPARE(layer.attention.keyValueHeads, 2);
        QCOMPARE(layer.attention.headSize, 2);
        QCOMPARE(layer.attention.scale, 1 / std::sqrt(2.0));
        QVERIFY(std::get<RotaryPositions>(layer.attention.positions) ==
                (RotaryPositions{10000.0, 2, UnscaledRotary{}}));
        QVERIFY(!layer.attention.hasQueryKeyValueBias && !layer.attention.hasOutputBias && !layer.mlp.hasBias);
    }

    void defaultsAreHuggingFaces()
    {
        Json config = test::tinyConfig();
        for (const char* key :
             {"num_key_value_heads", "max_position_embeddings", "rms_norm_eps", "tie_word_embeddings"}) {
            config.erase(key);
        }
        const auto decoder = describeConfig(config);
        QCOMPARE(problemOf(decoder), QString());
        QCOMPARE(decoder->layers[0].attention.keyValueHeads, 4);
        QCOMPARE(decoder->maxPositions, 2048);
        QCOMPARE(decoder->finalNorm->epsilon, 1e-6);
        QCOMPARE(decoder->layers[1].mlpNorm->epsilon, 1e-6);
        QVERIFY(!decoder->isHeadTied);
    }

    void weightsFollowTheConfig()
    {
        const Json config = test::tinyConfig();
        const ArchitectureInfo& info = *architectureOf(JsonObject(config, "config.json")).value();
        const auto plain = info.weights(describe("{}").value());
        QCOMPARE(plain.size(), std::size_t{1 + 2 * 9 + 1});
        QCOMPARE(plain[0].name, std::string("model.embed_tokens.weight"));
        QCOMPARE(parameterCount(plain), 272 * 8 + 8 + 2 * (8 + 64 + 32 + 32 + 64 + 8 + 3 * 96));
        const auto all = info.weights(
            describe(R"({"tie_word_embeddings":false,"attention_bias":true,"mlp_bias":true,"head_dim":6})").value());
        QCOMPARE(all.size(), std::size_t{1 + 2 * 16 + 2});
        const auto shapeOf = [&](const std::string& name) {
            const auto isIt = [&name](const WeightSpec& weight) { return weight.name == name; };
            const auto found = std::find_if(all.begin(), all.end(), isIt);
            return found == all.end() ? QList<qint64>{} : QList<qint64>(found->shape.begin(), found->shape.end());
        };
        QCOMPARE(shapeOf("model.layers.1.self_attn.q_proj.weight"), (QList<qint64>{24, 8}));
        QCOMPARE(shapeOf("model.layers.1.self_attn.k_proj.bias"), (QList<qint64>{12}));
        QCOMPARE(shapeOf("model.layers.1.self_attn.o_proj.weight"), (QList<qint64>{8, 24}));
        QCOMPARE(shapeOf("model.layers.1.self_attn.o_proj.bias"), (QList<qint64>{8}));
        QCOMPARE(shapeOf("model.layers.0.mlp.down_proj.weight"), (QList<qint64>{8, 12}));
        QCOMPARE(shapeOf("model.layers.0.mlp.down_proj.bias"), (QList<qint64>{8}));
        QCOMPARE(shapeOf("lm_head.weight"), (QList<qint64>{272, 8}));
    }

    void rotary_data()
    {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<RotaryPositions>("expected");
        const auto row = [](const char* name, const char* changes, double theta, const RotaryScaling& scaling) {
            QTest::newRow(name) << QString(changes) << RotaryPositions{theta, 2, scaling};
        };
        row("theta", R"({"rope_theta":500000.0})", 500000, UnscaledRotary{});
        row("null", R"({"rope_scaling":null,"rope_parameters":null})", 10000, UnscaledRotary{});
        row("linear, old", R"({"rope_scaling":{"type":"linear","factor":2.0}})", 10000, LinearRotary{2});
        row("llama3, old", R"({"rope_theta":5e5,"rope_scaling":{"rope_type":"llama3","factor":32,
            "low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}})",
            500000, Llama3Rotary{32, 1, 4, 8192});
        row("default, new", R"({"rope_parameters":{"rope_type":"default","rope_theta":123.0}})", 123, UnscaledRotary{});
        row("linear, new",
            R"({"rope_parameters":{"rope_type":"linear","rope_theta":123.0,"factor":4,"partial_rotary_factor":1.0}})",
            123, LinearRotary{4});
        row("llama3, new", R"({"rope_theta":5,"rope_parameters":{"rope_type":"llama3","rope_theta":5.0,"factor":8,
            "low_freq_factor":2.0,"high_freq_factor":3.0,"original_max_position_embeddings":100}})",
            5, Llama3Rotary{8, 2, 3, 100});
    }

    void rotary()
    {
        QFETCH(QString, changes);
        QFETCH(RotaryPositions, expected);
        const auto decoder = describe(changes.toStdString());
        QCOMPARE(problemOf(decoder), QString());
        QVERIFY(std::get<RotaryPositions>(decoder->layers[0].attention.positions) == expected);
    }

    void unsupported_data()
    {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("key");
        const auto row = [](const char* changes, const char* key) { QTest::newRow(changes) << changes << key; };
        row(R"({"hidden_act":"gelu"})", "hidden_act");
        row(R"({"pretraining_tp":2})", "pretraining_tp");
        row(R"({"sliding_window":4096})", "sliding_window");
        row(R"({"partial_rotary_factor":0.5})", "partial_rotary_factor");
        row(R"({"attn_logit_softcapping":50.0})", "attn_logit_softcapping");
        row(R"({"final_logit_softcapping":30.0})", "final_logit_softcapping");
        row(R"({"query_pre_attn_scalar":256})", "query_pre_attn_scalar");
        row(R"({"logit_scale":0.0625})", "logit_scale");
        row(R"({"residual_multiplier":0.22})", "residual_multiplier");
        row(R"({"embedding_multiplier":12})", "embedding_multiplier");
        row(R"({"attention_multiplier":0.0156})", "attention_multiplier");
        row(R"({"logits_scaling":8})", "logits_scaling");
        row(R"({"num_local_experts":8})", "num_local_experts");
        row(R"({"quantization_config":{"bits":4}})", "quantization_config");
        row(R"({"use_qk_norm":true})", "use_qk_norm");
        row(R"({"attention_dropout":0.1})", "attention_dropout");
        row(R"({"resid_pdrop":0.1})", "resid_pdrop");
        row(R"({"hidden_dropout":0.05})", "hidden_dropout");
        row(R"({"layerdrop":1})", "layerdrop");
        row(R"({"my_own_gate":true})", "my_own_gate");
        row(R"({"my_own_note":{"a":[1]}})", "my_own_note");
        row(R"({"rope_scaling":{"rope_type":"default","mscale":1}})", "rope_scaling.mscale");
        row(R"({"layer_types":["full_attention","sliding_attention"]})", "layer_types");
        row(R"({"rope_scaling":{"rope_type":"yarn","factor":4,"beta_fast":32}})", "rope_scaling.rope_type");
        row(R"({"rope_scaling":{"type":"dynamic","factor":4}})", "rope_scaling.type");
        row(R"({"rope_scaling":{"rope_type":"linear","factor":2,"attention_factor":1.5}})",
            "rope_scaling.attention_factor");
        row(R"({"rope_parameters":{"rope_type":"default","partial_rotary_factor":0.5}})",
            "rope_parameters.partial_rotary_factor");
        row(R"({"rope_parameters":{"full_attention":{"rope_theta":1}}})", "rope_parameters.full_attention");
    }

    void unsupported()
    {
        QFETCH(QString, changes);
        QFETCH(QString, key);
        const auto decoder = describe(changes.toStdString());
        QCOMPARE(codeOf(decoder), QString("config-unsupported"));
        QCOMPARE(argumentOf(decoder, "key"), key);
        QVERIFY2(problemOf(decoder).startsWith("config.json sets " + key + " to "), qPrintable(problemOf(decoder)));
    }

    void invalid_data()
    {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("key");
        const auto row = [](const char* changes, const char* key) { QTest::newRow(changes) << changes << key; };
        row(R"({"hidden_size":null})", "hidden_size");
        row(R"({"hidden_size":"8"})", "hidden_size");
        row(R"({"hidden_size":8.0})", "hidden_size");
        row(R"({"hidden_size":0})", "hidden_size");
        row(R"({"hidden_size":65537})", "hidden_size");
        row(R"({"num_hidden_layers":513})", "num_hidden_layers");
        row(R"({"num_attention_heads":1025})", "num_attention_heads");
        row(R"({"num_attention_heads":3,"num_key_value_heads":3})", "num_attention_heads");
        row(R"({"num_key_value_heads":3})", "num_key_value_heads");
        row(R"({"num_key_value_heads":0})", "num_key_value_heads");
        row(R"({"head_dim":3})", "head_dim");
        row(R"({"head_dim":65536})", "head_dim");
        row(R"({"vocab_size":4194305})", "vocab_size");
        row(R"({"vocab_size":-1})", "vocab_size");
        row(R"({"intermediate_size":524289})", "intermediate_size");
        row(R"({"max_position_embeddings":16777217})", "max_position_embeddings");
        row(R"({"rms_norm_eps":0})", "rms_norm_eps");
        row(R"({"rms_norm_eps":-1e-5})", "rms_norm_eps");
        row(R"({"rope_theta":0})", "rope_theta");
        row(R"({"rms_norm_eps":1e-320})", "rms_norm_eps");
        row(R"({"rms_norm_eps":1e-40})", "rms_norm_eps");
        row(R"({"rms_norm_eps":1e308})", "rms_norm_eps");
        row(R"({"rope_theta":1e308})", "rope_theta");
        row(R"({"rope_theta":1e-320})", "rope_theta");
        row(R"({"rope_scaling":{"type":"linear","factor":1e-310}})", "rope_scaling.factor");
        row(R"({"pretraining_tp":0})", "pretraining_tp");
        row(R"({"tie_word_embeddings":1})", "tie_word_embeddings");
        row(R"({"attention_bias":"no"})", "attention_bias");
        row(R"({"hidden_act":1})", "hidden_act");
        row(R"({"architectures":"LlamaForCausalLM"})", "architectures");
        row(R"({"architectures":[1]})", "architectures");
        row(R"({"model_type":7})", "model_type");
        row(R"({"rope_scaling":"linear"})", "rope_scaling");
        row(R"({"rope_scaling":{"type":"linear"}})", "rope_scaling.factor");
        row(R"({"rope_scaling":{"type":"linear","factor":-1}})", "rope_scaling.factor");
        row(R"({"rope_scaling":{"type":1}})", "rope_scaling.type");
        row(R"({"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}})",
            "rope_scaling.original_max_position_embeddings");
        row(R"({"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,
                "original_max_position_embeddings":100}})",
            "rope_scaling.high_freq_factor");
        row(R"({"rope_theta":1,"rope_parameters":{"rope_type":"default","rope_theta":2}})",
            "rope_parameters.rope_theta");
        row(R"({"rope_scaling":{"type":"default"},"rope_parameters":{"rope_type":"default"}})", "rope_scaling");
    }

    void invalid()
    {
        QFETCH(QString, changes);
        QFETCH(QString, key);
        const auto decoder = describe(changes.toStdString());
        QCOMPARE(codeOf(decoder), QString("config-invalid"));
        QCOMPARE(argumentOf(decoder, "key"), key);
    }

    void refusalsNameTheNumber()
    {
        QVERIFY(argumentOf(describe(R"({"rms_norm_eps":1e-320})"), "reason").contains("1e-320"));
        QVERIFY(argumentOf(describe(R"({"rope_theta":1e308})"), "reason").contains("1e+308"));
        const auto note = describe("{\"my_own_note\":\"" + std::string(100'000, 'x') + "\"}");
        QVERIFY(argumentOf(note, "value").size() <= 80);
        QVERIFY(argumentOf(describe("{\"" + std::string(100'000, 'k') + "\":1}"), "key").size() <= 80);
    }

    void sizesAtTheirLimitsPass()
    {
        QCOMPARE(problemOf(describe(R"({"hidden_size":65536,"num_attention_heads":1024,"num_hidden_layers":512,
            "vocab_size":4194304,"intermediate_size":524288,"max_position_embeddings":16777216})")),
                 QString());
    }

    void neutralAndHarmlessKeysPass()
    {
        QCOMPARE(problemOf(describe(R"({"sliding_window":null,"partial_rotary_factor":1.0,"logit_scale":1,
            "num_local_experts":0,"attention_dropout":0.0,"hidden_act":"silu","pretraining_tp":1,"use_cache":true,
            "torch_dtype":"bfloat16","dtype":"bfloat16","transformers_version":"5.0","_name_or_path":"x","initializer_range":0.02,
            "auto_map":{"AutoModel":"x.y"},"layer_types":["full_attention","full_attention"],"is_encoder_decoder":false,
            "rope_interleaved":false,"is_llama_config":true,"pad_token_id":2,"some_other_familys_key":null})")),
                 QString());
    }

    void families_data()
    {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* changes, const char* found) { QTest::newRow(changes) << changes << found; };
        row(R"({})", "");
        row(R"({"architectures":null})", "");
        row(R"({"model_type":null})", "");
        row(R"({"architectures":["Other","LlamaForCausalLM"]})", "");
        row(R"({"architectures":["GPT2LMHeadModel"],"model_type":"gpt2"})", "GPT2LMHeadModel (gpt2)");
        row(R"({"architectures":["LlamaForSequenceClassification"]})", "LlamaForSequenceClassification (llama)");
        row(R"({"model_type":"mistral"})", "LlamaForCausalLM (mistral)");
        row(R"({"architectures":null,"model_type":"qwen3"})", "qwen3");
        row(R"({"architectures":[],"model_type":null})", "unknown");
    }

    void families()
    {
        QFETCH(QString, changes);
        QFETCH(QString, found);
        const auto decoder = describe(changes.toStdString());
        if (found.isEmpty()) {
            QCOMPARE(problemOf(decoder), QString());
            return;
        }
        QCOMPARE(codeOf(decoder), QString("unknown-architecture"));
        QVERIFY2(argumentOf(decoder, "found").startsWith(found), qPrintable(argumentOf(decoder, "found")));
        QCOMPARE(argumentOf(decoder, "supported"), QString("LlamaForCausalLM (llama)"));
    }
};

QTEST_GUILESS_MAIN(LlamaConfigTest)
#include "llama_config_test.moc"
