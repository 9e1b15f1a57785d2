// SPDX-License-Identifier: GPL-3.0-or-later
// How TRL's SFTTrainer tokenises (trl-spec 7.2), without packing.
#include "core/text/recipe.h"
#include "core/text/recipe_text.h"

#include <utility>

namespace preflab {

namespace {

tl::expected<TokenPair, DroppedRow> tokenise(const Row& row, std::uint32_t index, const Tokenizer& tokenizer,
                                             const RecipeOptions& options)
{
    auto texts = rowTexts(row, options);
    if (!texts) return tl::unexpected(DroppedRow{index, texts.error(), 0});
    const std::size_t answerStart = texts->isConversational ? 0 : texts->prompt.size();
    appendEndText(texts->withChosen, answerStart, tokenizer.endOfSequenceText(), texts->isConversational);

    TokenPair pair;
    pair.row = index;
    TRY(TokenIds whole, encodeRow(tokenizer, texts->withChosen, SpecialTokens::Default, index));
    std::size_t boundary = 0;
    if (row.kind != RowKind::Text) {
        TRY(const TokenIds prompt, encodeRow(tokenizer, texts->prompt, SpecialTokens::Default, index));
        boundary = commonPrefix(prompt, whole);
    }
    const std::size_t limit = lengthLimit(options);
    if (boundary >= limit) return tl::unexpected(DroppedRow{index, DropReason::PromptFillsMaxLength, boundary});
    pair.chosen = TokenSequence::afterPrompt(std::move(whole), boundary);
    pair.chosen.keepStart(limit);
    if (pair.chosen.predictedLabels() == 0) return tl::unexpected(DroppedRow{index, DropReason::NoAnswer, boundary});
    return pair;
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
    &tokenise,
};

}  // namespace preflab
