// SPDX-License-Identifier: GPL-3.0-or-later
// How TRL's DPOTrainer tokenises (trl-spec 1.3 and 1.4).
#include "core/text/recipe.h"
#include "core/text/recipe_text.h"

#include <algorithm>
#include <utility>

namespace preflab {

namespace {

tl::expected<TokenPair, DroppedRow> tokeniseWhole(const Row& row, std::uint32_t index, const TextModel& text,
                                                  const RecipeOptions& options)
{
    const Tokenizer& tokenizer = *text.tokenizer;
    auto texts = renderedRow(row, *text.chatTemplate, options);
    if (!texts) return tl::unexpected(DroppedRow{index, texts.error(), 0});
    const std::size_t answerStart = texts->isConversational ? 0 : texts->prompt.size();
    const std::string endText = tokenizer.endOfSequenceText();
    appendEndText(texts->withChosen, answerStart, endText, texts->isConversational);
    appendEndText(texts->withRejected, answerStart, endText, texts->isConversational);

    TRY(const TokenIds prompt, encodeRow(tokenizer, texts->prompt, SpecialTokens::Default, index, options));
    TRY(TokenIds chosen, encodeRow(tokenizer, texts->withChosen, SpecialTokens::Default, index, options));
    TRY(TokenIds rejected, encodeRow(tokenizer, texts->withRejected, SpecialTokens::Default, index, options));

    // Whatever follows the first token that differs from the prompt's own belongs to the answers.
    const std::size_t boundary = std::min(commonPrefix(prompt, chosen), commonPrefix(prompt, rejected));
    return TokenPair{index, TokenSequence::afterPrompt(std::move(chosen), boundary),
                     TokenSequence::afterPrompt(std::move(rejected), boundary)};
}

}  // namespace

extern const RecipeInfo recipe_dpo;
const RecipeInfo recipe_dpo{
    "dpo",
    "DPO, as TRL",
    "Prompt, prompt + chosen and prompt + rejected are tokenised whole, with the tokenizer's own special tokens; "
    "the answers begin where either side first differs from the prompt's tokens. The end-of-sequence text is "
    "appended to an answer that does not end with it. Message lists are rendered as text first, with what opens "
    "an assistant's turn at the end of the prompt, and the special tokens apply to the rendered text. Each side "
    "keeps its first max_length tokens; a pair whose prompt alone fills them is left out.",
    true,
    &tokeniseWhole,
};

}  // namespace preflab
