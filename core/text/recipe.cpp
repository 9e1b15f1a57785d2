// SPDX-License-Identifier: GPL-3.0-or-later
// What all recipes share in words and numbers.
#include "core/text/recipe.h"

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
