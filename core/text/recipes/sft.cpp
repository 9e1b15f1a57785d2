// SPDX-License-Identifier: GPL-3.0-or-later
// How TRL's SFTTrainer tokenises (trl-spec 7.2), without packing.
#include "core/text/recipe.h"
#include "core/text/recipe_text.h"

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
    appendEndText(texts->withChosen, answerStart, tokenizer.endOfSequenceText(), texts->isConversational);

    TRY(TokenIds ids, encodeRow(tokenizer, texts->withChosen, SpecialTokens::Default, index, options));
    std::size_t boundary = 0;
    if (row.kind != RowKind::Text) {
        TRY(const TokenIds prompt, encodeRow(tokenizer, texts->prompt, SpecialTokens::Default, index, options));
        boundary = commonPrefix(prompt, ids);
    }
    return TokenPair{index, TokenSequence::afterPrompt(std::move(ids), boundary), {}};
}

}  // namespace

extern const RecipeInfo recipe_sft;
const RecipeInfo recipe_sft{
    "sft",
    "Next tokens, as TRL's SFT",
    "A text is tokenised with the tokenizer's own special tokens and every token is learned; of a prompt with its "
    "completion (or a pair with its chosen answer) only the completion is, from where it first differs from the "
    "prompt's tokens. The end-of-sequence text is appended where it is missing. Message lists are rendered as text "
    "first, and the special tokens apply to the rendered text. The first max_length tokens are kept; a row without "
    "a completion token among them is left out.",
    false,
    &tokeniseWhole,
};

}  // namespace preflab
