// SPDX-License-Identifier: GPL-3.0-or-later
// What all recipes share in words and numbers.
#include "core/text/recipe.h"

#include <limits>
#include <utility>

namespace preflab {

std::string_view dropReasonText(DropReason reason)
{
    switch (reason) {
    case DropReason::PromptFillsMaxLength:
        return "the prompt fills the maximum length";
    case DropReason::NoAnswer:
        return "a side has no answer token to predict";
    case DropReason::PromptsDiffer:
        return "the prompts of the two sides differ by more than one token";
    case DropReason::NotSplittable:
        return "no prompt can be found because a side is empty";
    case DropReason::NotTokenisable:
        return "the tokenizer refuses the text";
    }
    return "";
}

tl::expected<TokenPair, DroppedRow> truncated(TokenPair pair, bool needsRejected, std::optional<std::int64_t> maxLength)
{
    const std::size_t limit =
        maxLength ? static_cast<std::size_t>(*maxLength) : std::numeric_limits<std::size_t>::max();
    for (TokenSequence* side : {&pair.chosen, needsRejected ? &pair.rejected : nullptr}) {
        if (side == nullptr) continue;
        const std::size_t prompt = side->promptLength();
        if (prompt >= limit) return tl::unexpected(DroppedRow{pair.row, DropReason::PromptFillsMaxLength, prompt});
        side->keepStart(limit);
        if (side->predictedLabels() == 0) return tl::unexpected(DroppedRow{pair.row, DropReason::NoAnswer, prompt});
    }
    return pair;
}

tl::expected<TokenPair, DroppedRow> tokenise(const RecipeInfo& recipe, const Row& row, std::uint32_t index,
                                             const TextModel& text, const RecipeOptions& options)
{
    TRY(TokenPair whole, recipe.tokeniseWhole(row, index, text, options));
    return truncated(std::move(whole), recipe.needsRejected, options.maxLength);
}

const RecipeInfo* findRecipe(std::string_view id)
{
    for (const RecipeInfo* recipe : recipes()) {
        if (recipe->id == id) return recipe;
    }
    return nullptr;
}

std::vector<std::string> matchedRecipes()
{
    std::vector<std::string> ids;
    for (const RecipeInfo* recipe : recipes())
        if (recipe->needsRejected) ids.push_back(recipe->id);
    return ids;
}

}  // namespace preflab
