// SPDX-License-Identifier: GPL-3.0-or-later
// First the sides by themselves, then the prompt between them.
#include "core/data/ingest/row_doubts.h"

#include "core/data/rows/row_text.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace preflab {
namespace {

/// A shorter prompt may well be said again on purpose.
constexpr std::size_t kShortPrompt = 12;

bool beginsWith(const RowText& side, const RowText& prompt)
{
    if (const auto* text = std::get_if<std::string>(&side), *begin = std::get_if<std::string>(&prompt);
        text != nullptr && begin != nullptr)
        return begin->size() >= kShortPrompt && text->starts_with(*begin);
    const auto* messages = std::get_if<Messages>(&side);
    const auto* begin = std::get_if<Messages>(&prompt);
    return messages != nullptr && begin != nullptr && !begin->empty() && messages->size() >= begin->size() &&
           std::equal(begin->begin(), begin->end(), messages->begin());
}

void checkSides(const Row& row, std::vector<RowDoubt>& doubts)
{
    const bool hasTwo = row.kind == RowKind::Preference;
    const bool isFirstEmpty = saysNothing(row.chosen);
    const bool isSecondEmpty = hasTwo && saysNothing(row.rejected);
    if (isFirstEmpty || isSecondEmpty) {
        std::string which = isFirstEmpty && isSecondEmpty ? "both answers are" : "an answer is";
        if (hasTwo && isFirstEmpty != isSecondEmpty) which = isFirstEmpty ? "\"chosen\" is" : "\"rejected\" is";
        doubts.push_back({Finding::Kind::EmptySide, which + " empty"});
    }
    if (hasTwo && row.chosen == row.rejected)
        doubts.push_back({Finding::Kind::IdenticalSides, "\"chosen\" and \"rejected\" are the same"});
}

/// Of rows whose prompt has to be found: whether it can be, and stands where people mean it.
void checkSplit(const Row& row, SplitRule rule, std::vector<RowDoubt>& doubts)
{
    const auto split = splitDoubts(row, rule);
    if (split.isChosenEmpty || split.isRejectedEmpty) {
        const std::string which = split.isChosenEmpty ? "\"chosen\"" : "\"rejected\"";
        doubts.push_back({Finding::Kind::EmptySide, which + " has no reply behind the prompt"});
    }
    if (split.oneContinues) doubts.push_back({Finding::Kind::OneContinues, "one side is the beginning of the other"});
    if (split.hasNothingInCommon)
        doubts.push_back({Finding::Kind::NothingInCommon,
                          "\"chosen\" and \"rejected\" have no common beginning, so no prompt is found"});
    if (split.doPromptsDiffer)
        doubts.push_back({Finding::Kind::PromptsDiffer,
                          "the sides differ in what the user says, which is read as part of the answers"});
}

/// Of rows with a prompt of their own: that it is not what the answers begin with.
void checkPrompt(const Row& row, std::vector<RowDoubt>& doubts)
{
    const bool hasTwo = row.kind == RowKind::Preference;
    if (!beginsWith(row.chosen, row.prompt) || (hasTwo && !beginsWith(row.rejected, row.prompt))) return;
    doubts.push_back({Finding::Kind::PromptRepeated, std::string("the prompt stands again at the beginning of ") +
                                                         (hasTwo ? "both answers" : "the answer")});
}

}  // namespace

std::vector<RowDoubt> doubtsOf(const Row& row, SplitRule rule)
{
    std::vector<RowDoubt> doubts;
    checkSides(row, doubts);
    if (!doubts.empty()) return doubts;
    if (row.isPromptImplicit())
        checkSplit(row, rule, doubts);
    else
        checkPrompt(row, doubts);
    return doubts;
}

}  // namespace preflab
