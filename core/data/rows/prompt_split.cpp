// SPDX-License-Identifier: GPL-3.0-or-later
// Two rules for the border between an implicit prompt and its answers.
#include "core/data/rows/prompt_split.h"

#include "core/base/utf8.h"
#include "core/data/rows/row_text.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>

namespace preflab {
namespace {

constexpr std::string_view kHuman = "\n\nHuman:";
constexpr std::string_view kAssistant = "\n\nAssistant:";

/// Where the code point that `at` lies in begins.
std::size_t codePointStart(std::string_view text, std::size_t at)
{
    while (at > 0 && at < text.size() && isUtf8Continuation(text[at])) --at;
    return at;
}

/// Where the last code point of a text that is not empty begins.
std::size_t lastCodePoint(std::string_view text)
{
    return codePointStart(text, text.size() - 1);
}

template <class Sequence>
std::size_t commonLength(const Sequence& left, const Sequence& right)
{
    const auto length = std::min(left.size(), right.size());
    const auto end = left.begin() + static_cast<std::ptrdiff_t>(length);
    return static_cast<std::size_t>(std::mismatch(left.begin(), end, right.begin()).first - left.begin());
}

/// A row cut at `chosenAt` and `rejectedAt`; the prompt is the beginning of chosen.
template <class Sequence>
Row cutRow(const Sequence& chosen, const Sequence& rejected, std::size_t chosenAt, std::size_t rejectedAt)
{
    const auto middle = chosen.begin() + static_cast<std::ptrdiff_t>(chosenAt);
    Row row;
    row.prompt = Sequence(chosen.begin(), middle);
    row.chosen = Sequence(middle, chosen.end());
    row.rejected = Sequence(rejected.begin() + static_cast<std::ptrdiff_t>(rejectedAt), rejected.end());
    return row;
}

/// extract_prompt on characters. UTF-8 keeps its order: the first byte that differs lies in the first code point that
/// differs, so only the border has to be moved to where that code point begins.
Row cutTexts(const std::string& chosen, const std::string& rejected, SplitRule rule)
{
    const auto common = commonLength<std::string>(chosen, rejected);
    if (common == std::min(chosen.size(), rejected.size())) {
        // TRL's loop ends without a difference, at the last shared character.
        const auto at = lastCodePoint(chosen.size() <= rejected.size() ? chosen : rejected);
        return cutRow(chosen, rejected, at, at);
    }
    const auto at = codePointStart(chosen, common);
    if (at > 0) {
        const auto border = chosen[at - 1] == ' ' ? at - 1 : at;
        return cutRow(chosen, rejected, border, border);
    }
    // At 0, Python's chosen[-1] is the last character; if that is a space, TRL cuts at index -1, which loses text.
    if (rule == SplitRule::Trl && chosen.back() == ' ')
        return cutRow(chosen, rejected, lastCodePoint(chosen), lastCodePoint(rejected));
    return cutRow(chosen, rejected, 0, 0);
}

Row cutMessages(const Messages& chosen, const Messages& rejected)
{
    const auto shorter = std::min(chosen.size(), rejected.size());
    const auto at = std::min(commonLength<Messages>(chosen, rejected), shorter - 1);
    return cutRow(chosen, rejected, at, at);
}

template <class Sequence>
std::string emptySideReason(const Sequence& chosen, const Sequence& rejected)
{
    if (chosen.empty() && rejected.empty()) return "\"chosen\" and \"rejected\" are empty";
    return chosen.empty() ? "\"chosen\" is empty" : "\"rejected\" is empty";
}

/// At the last "\n\nAssistant:" that both transcripts share; the marker belongs to the prompt. False if there is none.
bool cutTranscripts(const Row& row, Row& into)
{
    const auto& chosen = std::get<std::string>(row.chosen);
    const auto& rejected = std::get<std::string>(row.rejected);
    const auto common = commonLength<std::string>(chosen, rejected);
    const auto marker = std::string_view(chosen).substr(0, common).rfind(kAssistant);
    if (marker == std::string_view::npos) return false;
    const auto at = marker + kAssistant.size();
    into = cutRow(chosen, rejected, at, at);
    return true;
}

}  // namespace

std::string_view splitRuleId(SplitRule rule)
{
    return rule == SplitRule::Trl ? "trl" : "auto";
}

bool isTranscript(const Row& row)
{
    const auto isOne = [](const RowText& side) {
        const auto* text = std::get_if<std::string>(&side);
        return text != nullptr && text->starts_with(kHuman) && text->find(kAssistant) != std::string::npos;
    };
    return row.isPromptImplicit() && isOne(row.chosen) && isOne(row.rejected);
}

namespace {

tl::expected<Row, std::string> extractPrompt(const Row& row, SplitRule rule)
{
    if (const auto* chosen = std::get_if<std::string>(&row.chosen), *rejected = std::get_if<std::string>(&row.rejected);
        chosen != nullptr && rejected != nullptr) {
        if (chosen->empty() || rejected->empty()) return tl::unexpected(emptySideReason(*chosen, *rejected));
        return cutTexts(*chosen, *rejected, rule);
    }
    if (const auto* chosen = std::get_if<Messages>(&row.chosen), *rejected = std::get_if<Messages>(&row.rejected);
        chosen != nullptr && rejected != nullptr) {
        if (chosen->empty() || rejected->empty()) return tl::unexpected(emptySideReason(*chosen, *rejected));
        return cutMessages(*chosen, *rejected);
    }
    return tl::unexpected(std::string("\"chosen\" and \"rejected\" are not both texts or both message lists"));
}

/// Whether the last turn of which both transcripts have the beginning is the user's.
bool isInUserTurn(std::string_view shared)
{
    const auto assistant = shared.rfind(kAssistant);
    const auto human = shared.rfind(kHuman);
    // Positions grow with the text, and npos is "nowhere".
    return human != std::string_view::npos && (assistant == std::string_view::npos || human > assistant);
}

SplitDoubts textDoubts(const Row& row, const std::string& chosen, const std::string& rejected, SplitRule rule)
{
    SplitDoubts doubts;
    const auto common = commonLength<std::string>(chosen, rejected);
    const auto shared = std::string_view(chosen).substr(0, common);
    const bool doesOneEnd = common == std::min(chosen.size(), rejected.size());
    // Rows without any reply are transcripts, too: they differ in what the user says if they differ at all.
    const bool areDialogues = chosen.starts_with(kHuman) && rejected.starts_with(kHuman);
    doubts.doPromptsDiffer = areDialogues && !doesOneEnd && isInUserTurn(shared);
    if (rule == SplitRule::Automatic && isTranscript(row) && shared.find(kAssistant) != std::string_view::npos)
        return doubts;
    doubts.oneContinues = doesOneEnd;
    doubts.hasNothingInCommon = codePointStart(chosen, common) == 0;
    return doubts;
}

SplitDoubts messageDoubts(const Messages& chosen, const Messages& rejected)
{
    SplitDoubts doubts;
    const auto common = commonLength<Messages>(chosen, rejected);
    doubts.oneContinues = common == std::min(chosen.size(), rejected.size());
    doubts.hasNothingInCommon = common == 0;
    doubts.doPromptsDiffer = !doubts.oneContinues && !doubts.hasNothingInCommon && chosen[common].role == "user" &&
                             rejected[common].role == "user";
    return doubts;
}

}  // namespace

SplitDoubts splitDoubts(const Row& row, SplitRule rule)
{
    SplitDoubts doubts;
    if (!row.isPromptImplicit()) return doubts;
    if (const auto* chosen = std::get_if<std::string>(&row.chosen), *rejected = std::get_if<std::string>(&row.rejected);
        chosen != nullptr && rejected != nullptr)
        doubts = textDoubts(row, *chosen, *rejected, rule);
    if (const auto* chosen = std::get_if<Messages>(&row.chosen), *rejected = std::get_if<Messages>(&row.rejected);
        chosen != nullptr && rejected != nullptr)
        doubts = messageDoubts(*chosen, *rejected);
    if (const auto split = splitPrompt(row, rule)) {
        doubts.isChosenEmpty = saysNothing(split->chosen);
        doubts.isRejectedEmpty = saysNothing(split->rejected);
    }
    return doubts;
}

tl::expected<Row, std::string> splitPrompt(const Row& row, SplitRule rule)
{
    if (!row.isPromptImplicit()) return row;
    if (Row split; rule == SplitRule::Automatic && isTranscript(row) && cutTranscripts(row, split)) return split;
    return extractPrompt(row, rule);
}

}  // namespace preflab
