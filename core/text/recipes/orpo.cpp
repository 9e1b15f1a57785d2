// SPDX-License-Identifier: GPL-3.0-or-later
// How TRL's ORPOTrainer tokenises (trl-spec 2.2); a row that TRL would train without an answer is left out.
#include "core/text/recipe.h"
#include "core/text/recipe_text.h"

#include <algorithm>
#include <utility>

namespace preflab {

namespace {

constexpr std::size_t kLargestPromptDifference = 1;

/// The prompt's text as far as both sides begin with it: renderings may close a turn differently.
std::string commonPromptText(const RenderedRow& texts)
{
    const auto end = [&](const std::string& whole) {
        const auto limit = std::min(texts.prompt.size(), whole.size());
        return std::mismatch(texts.prompt.begin(), texts.prompt.begin() + static_cast<std::ptrdiff_t>(limit),
                             whole.begin())
            .first;
    };
    return std::string(texts.prompt.begin(), std::min(end(texts.withChosen), end(texts.withRejected)));
}

/// Where the answer starts in `whole`: after the prompt's tokens, or one token earlier if they come out
/// differently with the answer behind them. TRL steps back by one token only.
std::size_t answerBoundary(const TokenIds& prompt, const TokenIds& whole)
{
    const bool isPrefix = commonPrefix(prompt, whole) == prompt.size();
    return std::min(isPrefix ? prompt.size() : prompt.size() - 1, whole.size());
}

/// One side before its labels are known.
struct Side {
    TokenIds ids;
    std::size_t promptLength = 0;
};

/// TRL's check that both sides answer the same prompt.
bool haveSamePrompt(const Side& chosen, const Side& rejected)
{
    const std::size_t shared = std::min(chosen.promptLength, rejected.promptLength);
    std::size_t different = 0;
    for (std::size_t i = 0; i < shared; ++i) different += chosen.ids[i] != rejected.ids[i] ? 1 : 0;
    const std::size_t longer = std::max(chosen.promptLength, rejected.promptLength);
    return different <= kLargestPromptDifference && longer - shared <= kLargestPromptDifference;
}

void addBeginAndEnd(Side& side, const Tokenizer& tokenizer)
{
    const auto begin = tokenizer.beginOfSequence();
    if (begin && (side.promptLength == 0 || side.ids.front() != *begin)) {
        side.ids.insert(side.ids.begin(), *begin);
        ++side.promptLength;
    }
    const auto end = tokenizer.endOfSequence();
    const bool hasAnswer = side.ids.size() > side.promptLength;
    if (end && (!hasAnswer || side.ids.back() != *end)) side.ids.push_back(*end);
}

/// The side as a sequence; TRL's answer[: max_length - len(prompt)] is the start of it, for a prompt is never cut.
TokenSequence finished(Side side, const Tokenizer& tokenizer)
{
    addBeginAndEnd(side, tokenizer);
    return TokenSequence::afterPrompt(std::move(side.ids), side.promptLength);
}

tl::expected<TokenPair, DroppedRow> tokeniseWhole(const Row& row, std::uint32_t index, const TextModel& text,
                                                  const RecipeOptions& options)
{
    const Tokenizer& tokenizer = *text.tokenizer;
    const auto texts = renderedRow(row, *text.chatTemplate, options);
    if (!texts) return tl::unexpected(DroppedRow{index, texts.error(), 0});
    Side chosen, rejected;
    TRY(const TokenIds prompt, encodeRow(tokenizer, commonPromptText(*texts), SpecialTokens::None, index, options));
    TRY(chosen.ids, encodeRow(tokenizer, texts->withChosen, SpecialTokens::None, index, options));
    TRY(rejected.ids, encodeRow(tokenizer, texts->withRejected, SpecialTokens::None, index, options));
    chosen.promptLength = answerBoundary(prompt, chosen.ids);
    rejected.promptLength = answerBoundary(prompt, rejected.ids);
    // TRL refuses the whole dataset over either of these rows.
    const bool isShorterThanPrompt = std::min(chosen.ids.size(), rejected.ids.size()) < prompt.size();
    if (isShorterThanPrompt || !haveSamePrompt(chosen, rejected))
        return tl::unexpected(DroppedRow{index, DropReason::PromptsDiffer, prompt.size()});
    return TokenPair{index, finished(std::move(chosen), tokenizer), finished(std::move(rejected), tokenizer)};
}

}  // namespace

extern const RecipeInfo recipe_orpo;
const RecipeInfo recipe_orpo{
    "orpo",
    "ORPO, as TRL",
    "Prompt, prompt + chosen and prompt + rejected are tokenised without special tokens; an answer begins behind "
    "the prompt's tokens, or one token earlier where its text changes them. The begin-of-sequence id is put in "
    "front if the model has one, the end-of-sequence id behind each answer. Message lists are rendered as text "
    "first. Answers are cut to what max_length leaves beside the prompt; a pair without room for an answer is "
    "left out.",
    true,
    &tokeniseWhole,
};

}  // namespace preflab
