// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that recipes share on the way from a row to tokens: texts with an explicit prompt, encoding,
// boundaries, truncation.
#pragma once

#include "core/text/recipe.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace preflab {

/// A row as texts, message lists rendered.
struct RenderedRow {
    std::string prompt;        ///< conversations: with the generation prompt at its end
    std::string withChosen;    ///< prompt and chosen answer; for a text row the text
    std::string withRejected;  ///< prompt and rejected answer; empty where the row has none
    bool isConversational = false;
};

/// Finds the prompt where it is implicit and renders message lists. Sides given as messages under a prompt that is
/// one text are taken as whole conversations when they begin with another role than the assistant's (as TRL's
/// ORPO does), else as answers to that text. NotSplittable if no prompt can be found.
tl::expected<RenderedRow, DropReason> renderedRow(const Row& row, const ChatTemplate& chatTemplate,
                                                  const RecipeOptions& options);

/// Appends `endText` to the answer that starts at `answerStart` of `text`, unless the answer ends with it already
/// (white space after it allowed in conversations, whose renderings may end a turn with "<end>\n").
void appendEndText(std::string& text, std::size_t answerStart, std::string_view endText, bool isConversational);

/// Ids of a text, or the row as NotTokenisable.
tl::expected<TokenIds, DroppedRow> encodeRow(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special,
                                             std::uint32_t row, const RecipeOptions& options);

/// Number of equal tokens at the start of both.
std::size_t commonPrefix(const TokenIds& left, const TokenIds& right);

}  // namespace preflab
