// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing tokens, continuing a prompt, streaming text.
#include "core/train/sample.h"

#include "core/base/rng.h"
#include "core/base/schema.h"
#include "core/train/backend/torch_border.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

namespace preflab {

namespace {

/// A candidate with its weight exp((z - max z) / temperature).
struct Candidate {
    double weight = 0.0;
    TokenId id = 0;
};

/// All tokens, most probable first; ties in order of ids.
std::vector<Candidate> rankedCandidates(std::span<const double> logits, double temperature)
{
    const double highest = *std::max_element(logits.begin(), logits.end());
    std::vector<Candidate> candidates(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i)
        candidates[i] = {std::exp((logits[i] - highest) / temperature), static_cast<TokenId>(i)};
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; });
    return candidates;
}

double totalWeight(const std::vector<Candidate>& candidates)
{
    return std::accumulate(candidates.begin(), candidates.end(), 0.0,
                           [](double sum, const Candidate& candidate) { return sum + candidate.weight; });
}

/// Keeps the shortest beginning whose share of the probability reaches `topP`; at least one token.
void keepNucleus(std::vector<Candidate>& candidates, double topP)
{
    const double wanted = topP * totalWeight(candidates);
    double sum = 0.0;
    std::size_t kept = 0;
    while (kept < candidates.size() && (kept == 0 || sum < wanted)) sum += candidates[kept++].weight;
    candidates.resize(kept);
}

/// [0, 1) from the top 53 bits: the standard library's distributions differ between implementations.
double uniformNumber(std::mt19937_64& generator)
{
    return static_cast<double>(generator() >> 11) * 0x1.0p-53;
}

Result<> checkOptions(const SampleOptions& options)
{
    const auto outOfRange = [](const char* key, double value, const char* range) {
        return fail(ErrorCode::ParameterOutOfRange, {{"key", key}, {"value", toText(value)}, {"range", range}});
    };
    if (!(options.temperature >= 0.0) || !std::isfinite(options.temperature))
        return outOfRange("temperature", options.temperature, "0 or above");
    if (!(options.topP > 0.0 && options.topP <= 1.0)) return outOfRange("top_p", options.topP, "above 0, up to 1");
    if (options.topK < 0) return outOfRange("top_k", static_cast<double>(options.topK), "0 or above");
    if (options.maxNewTokens < 1)
        return outOfRange("max_new_tokens", static_cast<double>(options.maxNewTokens), "1 or above");
    return {};
}

Result<> checkPrompt(const TokenIds& prompt, std::int64_t maxPositions)
{
    if (prompt.empty())
        return fail(ErrorCode::WrongUse, {{"reason", "the prompt has no tokens; write at least one word"}});
    if (std::ssize(prompt) >= maxPositions)
        return fail(ErrorCode::WrongUse,
                    {{"reason", "the prompt has " + std::to_string(prompt.size()) + " tokens and the model reads " +
                                    std::to_string(maxPositions) + "; shorten the prompt"}});
    return {};
}

/// ResultNotFinite for the logits of token `number` (from 1) unless all of them are numbers.
Result<> checkFinite(const std::vector<double>& logits, std::int64_t number)
{
    if (std::all_of(logits.begin(), logits.end(), [](double value) { return std::isfinite(value); })) return {};
    return fail(ErrorCode::ResultNotFinite, {{"what", "A logit"}, {"where", "token " + std::to_string(number)}});
}

}  // namespace

SampleOptions sampleOptions(const GenerateRequest& request)
{
    return {request.maxNewTokens, request.temperature, request.topK, request.topP, request.seed};
}

TokenId sampleToken(std::span<const double> logits, const SampleOptions& options, std::mt19937_64& generator)
{
    if (options.temperature <= 0.0)
        return static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    std::vector<Candidate> candidates = rankedCandidates(logits, options.temperature);
    if (options.topK > 0 && static_cast<std::size_t>(options.topK) < candidates.size())
        candidates.resize(static_cast<std::size_t>(options.topK));
    if (options.topP < 1.0) keepNucleus(candidates, options.topP);
    double left = uniformNumber(generator) * totalWeight(candidates);
    for (const Candidate& candidate : candidates) {
        left -= candidate.weight;
        if (left < 0.0) return candidate.id;
    }
    return candidates.back().id;  // the sum of all weights was rounded up
}

Result<GenerationEnd> generateTokens(Engine& engine, const TokenIds& prompt, std::span<const TokenId> endTokens,
                                     const SampleOptions& options, const TokenSink& sink, std::stop_token stop)
{
    TRY_VOID(checkOptions(options));
    TRY_VOID(checkPrompt(prompt, engine.maxPositions()));
    return guarded([&]() -> Result<GenerationEnd> {
        std::mt19937_64 generator(seedFor(options.seed, SeedPurpose::Sampling));
        const std::unique_ptr<Generation> generation = engine.generate();
        std::int64_t read = 0;
        TokenIds unread = prompt;
        for (std::int64_t made = 0; made < options.maxNewTokens; ++made) {
            if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
            if (read + std::ssize(unread) > engine.maxPositions()) return GenerationEnd::ModelLimit;
            const std::vector<double> logits = generation->next(unread);
            read += std::ssize(unread);
            TRY_VOID(checkFinite(logits, read + 1));
            const TokenId next = sampleToken(logits, options, generator);
            const bool isWanted = sink(next);
            if (std::find(endTokens.begin(), endTokens.end(), next) != endTokens.end()) return GenerationEnd::EndToken;
            if (!isWanted) return GenerationEnd::StoppedBySink;
            unread = {next};
        }
        return GenerationEnd::TokenLimit;
    });
}

Result<GenerationEnd> generateText(Engine& engine, const TextModel& text, const std::string& prompt,
                                   const SampleOptions& options, const GenerateSink& sink, std::stop_token stop)
{
    const Tokenizer& tokenizer = *text.tokenizer;
    TRY(const TokenIds ids, tokenizer.encode(prompt, SpecialTokens::Default));
    const auto decoder = tokenizer.decoder();
    for (const TokenId id : ids) (void)decoder->add(id);  // what the answer continues is not shown
    TRY(const GenerationEnd end,
        generateTokens(
            engine, ids, text.endTokens, options, [&](TokenId id) { return sink(decoder->add(id)); }, std::move(stop)));
    const std::string rest = end != GenerationEnd::StoppedBySink ? decoder->finish() : std::string();
    if (!rest.empty()) sink(rest);
    return end;
}

}  // namespace preflab
