// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing the tokens of a text that an engine continues: greedy, temperature, top-k, top-p.
#pragma once

#include "core/base/result.h"
#include "core/runs/backend.h"
#include "core/text/text_model.h"
#include "core/train/engine/engine.h"

#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <stop_token>
#include <string>

namespace preflab {

/// How the next token is chosen. Applied in the order temperature, top-k, top-p, as Hugging Face does.
struct SampleOptions {
    std::int64_t maxNewTokens = 128;
    double temperature = 0.0;  ///< 0: greedy
    std::int64_t topK = 0;     ///< 0: all
    double topP = 1.0;         ///< smallest set of tokens whose probability reaches this
    std::uint64_t seed = 42;
};

/// The sampling part of a request.
SampleOptions sampleOptions(const GenerateRequest& request);

/// Draws one token from `logits` (V). Greedy takes the first maximum and draws nothing.
TokenId sampleToken(std::span<const double> logits, const SampleOptions& options, std::mt19937_64& generator);

/// Called with every new token; return false to stop.
using TokenSink = std::function<bool(TokenId)>;

/// Continues `prompt` until one of `endTokens`, maxNewTokens, the model's last position or a stop, and says which. The
/// end token belongs to the answer, as in transformers: it may be a full stop. ParameterOutOfRange for options, WrongUse
/// for an empty prompt or one that fills the context, ResultNotFinite for logits that are no numbers, Cancelled.
Result<GenerationEnd> generateTokens(Engine& engine, const TokenIds& prompt, std::span<const TokenId> endTokens,
                                     const SampleOptions& options, const TokenSink& sink, std::stop_token stop);

/// Answers `prompt`, encoded with the tokenizer's own special tokens, and streams the text of the answer.
Result<GenerationEnd> generateText(Engine& engine, const TextModel& text, const std::string& prompt,
                                   const SampleOptions& options, const GenerateSink& sink, std::stop_token stop);

}  // namespace preflab
