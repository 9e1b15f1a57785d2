// SPDX-License-Identifier: GPL-3.0-or-later
// First the sides by themselves, then the prompt between them.
#include "core/data/ingest/row_doubts.h"

#include "core/data/rows/prompt_split.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace preflab {
namespace {

bool isEmptySide(const RowText& side)
{
    if (const auto* text = std::get_if<std::string>(&side)) return text->empty();
    if (const auto* messages = std::get_if<Messages>(&side)) {
        return std::all_of(messages->begin(), messages->end(), [](const Message& m) { return m.content.empty(); });
    }
    return true;
}

void checkSides(const Row& row, std::vector<RowDoubt>& doubts)
{
    const bool hasTwo = row.kind == RowKind::Preference;
    const bool isFirstEmpty = isEmptySide(row.chosen);
    const bool isSecondEmpty = hasTwo && isEmptySide(row.rejected);
    if (isFirstEmpty || isSecondEmpty) {
        std::string which = isFirstEmpty && isSecondEmpty ? "both answers are" : "an answer is";
        if (hasTwo && isFirstEmpty != isSecondEmpty) which = isFirstEmpty ? "\"chosen\" is" : "\"rejected\" is";
        doubts.push_back({Finding::Kind::EmptySide, which + " empty"});
    }
    if (hasTwo && row.chosen == row.rejected)
        doubts.push_back({Finding::Kind::IdenticalSides, "\"chosen\" and \"rejected\" are the same"});
}

/// Of rows whose prompt has to be found: whether it can be, and stands where people mean it.
void checkSplit(const Row& row, std::vector<RowDoubt>& doubts)
{
    const auto split = splitDoubts(row);
    if (split.isChosenEmpty || split.isRejectedEmpty) {
        const std::string which = split.isChosenEmpty ? "\"chosen\"" : "\"rejected\"";
        doubts.push_back({Finding::Kind::EmptySide, which + " has no reply behind the prompt"});
    }
    if (split.oneContinues) doubts.push_back({Finding::Kind::OneContinues, "one side is the beginning of the other"});
    if (split.hasNothingInCommon)
        doubts.push_back({Finding::Kind::NothingInCommon,
                          "\"chosen\" and \"rejected\" have no common beginning, so the prompt is empty"});
    if (split.doPromptsDiffer)
        doubts.push_back({Finding::Kind::PromptsDiffer,
                          "the sides differ in what the user says, so the answers begin in the middle of a sentence"});
}

}  // namespace

std::vector<RowDoubt> doubtsOf(const Row& row)
{
    std::vector<RowDoubt> doubts;
    checkSides(row, doubts);
    if (doubts.empty() && row.isPromptImplicit()) checkSplit(row, doubts);
    return doubts;
}

}  // namespace preflab
