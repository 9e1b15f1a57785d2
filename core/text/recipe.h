// SPDX-License-Identifier: GPL-3.0-or-later
// Rows to token pairs, as a method wants them. One code feeds training, held-out evaluation, token views and
// truncation previews. Adding a recipe is one file in core/text/recipes that defines `recipe_<stem>`.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/prompt_split.h"
#include "core/data/rows/row.h"
#include "core/text/text_model.h"
#include "core/text/token_sequence.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// One preference pair in tokens. SFT rows leave `rejected` empty.
struct TokenPair {
    std::uint32_t row = 0;  ///< index in the RowSource it came from
    TokenSequence chosen;
    TokenSequence rejected;
    bool operator==(const TokenPair&) const = default;
};

/// Why a row cannot be used.
enum class DropReason {
    PromptFillsMaxLength,  ///< no room for an answer within max_length
    NoAnswer,              ///< a side has no answer token to predict
    PromptsDiffer,         ///< the two sides' prompts differ by more than one token (ORPO)
    NotSplittable,         ///< no prompt could be found (empty side)
    NotTokenisable,        ///< the tokenizer refused the text
};

/// For messages: "the prompt fills the maximum length".
std::string_view dropReasonText(DropReason reason);

/// A row that a recipe leaves out.
struct DroppedRow {
    std::uint32_t row = 0;
    DropReason reason = DropReason::NoAnswer;
    std::uint64_t promptTokens = 0;  ///< of the shortest prompt, if known, to tell which max_length would fit
};

/// Settings of tokenisation.
struct RecipeOptions {
    std::optional<std::int64_t> maxLength = 1024;  ///< TRL `max_length`; none: no truncation
    SplitRule split = SplitRule::Automatic;
    std::stop_token stop = {};  ///< a row that it ends is dropped: who gave it looks at it before believing that
};

/// One recipe.
struct RecipeInfo {
    std::string id;  ///< "dpo"
    std::string title;
    std::string help;  ///< how it tokenises, for people
    bool needsRejected = true;
    /// Tokenises one row, nothing cut off. Pure; the row may still have an implicit prompt.
    tl::expected<TokenPair, DroppedRow> (*tokeniseWhole)(const Row& row, std::uint32_t index, const TextModel& text,
                                                         const RecipeOptions& options) = nullptr;
};

/// The pair with the first `maxLength` tokens of each side (none: all of them), or why it cannot be trained then: the
/// prompt fills them, or no label is left that has a prediction.
tl::expected<TokenPair, DroppedRow> truncated(TokenPair pair, bool needsRejected,
                                              std::optional<std::int64_t> maxLength);
/// One row as it is trained: tokenised by the recipe, and truncated.
tl::expected<TokenPair, DroppedRow> tokenise(const RecipeInfo& recipe, const Row& row, std::uint32_t index,
                                             const TextModel& text, const RecipeOptions& options);

/// All recipes, in order of their file names.
std::span<const RecipeInfo* const> recipes();
/// The recipe of that id, or nullptr.
const RecipeInfo* findRecipe(std::string_view id);
/// For RunSpec::usableBy of a matched pair: the recipes that need both sides of a row.
std::vector<std::string> matchedRecipes();

}  // namespace preflab
