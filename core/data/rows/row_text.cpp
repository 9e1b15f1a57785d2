// SPDX-License-Identifier: GPL-3.0-or-later
// Turns of message lists and of transcripts, without copying where a view will do.
#include "core/data/rows/row_text.h"

#include "core/base/utf8.h"
#include "core/data/rows/prompt_split.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace preflab {
namespace {

struct Marker {
    std::string_view text;
    std::string_view role;
};

constexpr std::array<Marker, 2> kMarkers{{{"\n\nHuman:", "user"}, {"\n\nAssistant:", "assistant"}}};

/// The marker that `text` has at `at`, if there is one.
const Marker* markerAt(std::string_view text, std::size_t at)
{
    for (const auto& marker : kMarkers) {
        if (text.substr(at).starts_with(marker.text)) return &marker;
    }
    return nullptr;
}

std::string_view trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

struct TurnView {
    std::string_view role;
    std::string_view content;
};

/// Calls `visit` with each turn of a text.
template <class Visit>
void visitTextTurns(std::string_view text, std::string_view role, Visit visit)
{
    const Marker* marker = text.starts_with("\n\n") ? markerAt(text, 0) : nullptr;
    if (marker == nullptr) {
        if (!text.empty()) visit(TurnView{role, text});
        return;
    }
    std::size_t begin = 0;
    while (marker != nullptr) {
        const std::size_t content = begin + marker->text.size();
        const Marker* next = nullptr;
        std::size_t end = content;
        while (next == nullptr && end != std::string_view::npos) {
            end = text.find("\n\n", end);
            if (end == std::string_view::npos) break;
            next = markerAt(text, end);
            if (next == nullptr) ++end;
        }
        const auto length = end == std::string_view::npos ? end : end - content;
        visit(TurnView{marker->role, trimmed(text.substr(content, length))});
        marker = next;
        begin = end;
    }
}

template <class Visit>
void visitTurns(const RowText& text, std::string_view role, Visit visit)
{
    if (const auto* whole = std::get_if<std::string>(&text)) {
        // What opens the answer at the end of a transcript's prompt is not a turn yet.
        std::optional<TurnView> held;
        visitTextTurns(*whole, role, [&](const TurnView& turn) {
            if (held) visit(*held);
            held = turn;
        });
        if (held && !held->content.empty()) visit(*held);
    } else if (const auto* messages = std::get_if<Messages>(&text)) {
        for (const auto& message : *messages) visit(TurnView{message.role, message.content});
    }
}

}  // namespace

Row shownRow(const Row& row)
{
    if (!row.isPromptImplicit()) return row;
    auto split = splitPrompt(row, SplitRule::Automatic);
    return split ? *std::move(split) : row;
}

Messages turnsOf(const RowText& text, std::string_view role)
{
    Messages turns;
    visitTurns(text, role, [&](const TurnView& turn) {
        turns.push_back({std::string(turn.role), std::string(turn.content)});
    });
    return turns;
}

std::size_t turnCount(const RowText& text)
{
    std::size_t count = 0;
    visitTurns(text, {}, [&](const TurnView&) { ++count; });
    return count;
}

std::string_view lastTurn(const RowText& text)
{
    std::string_view last;
    visitTurns(text, {}, [&](const TurnView& turn) {
        if (!trimmed(turn.content).empty()) last = turn.content;
    });
    return trimmed(last);
}

std::string plainText(const RowText& text)
{
    if (const auto* whole = std::get_if<std::string>(&text)) return *whole;
    std::string joined;
    visitTurns(text, {}, [&](const TurnView& turn) {
        if (!joined.empty()) joined += "\n\n";
        joined += turn.content;
    });
    return joined;
}

bool saysNothing(const RowText& text)
{
    if (const auto* whole = std::get_if<std::string>(&text)) return isWhiteSpace(*whole);
    if (const auto* messages = std::get_if<Messages>(&text))
        return std::ranges::all_of(*messages, &isWhiteSpace, &Message::content);
    return true;
}

bool isWhiteSpace(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

std::size_t characterCount(std::string_view text)
{
    // Every code point has exactly one byte that continues none.
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !isUtf8Continuation(byte); }));
}

std::size_t characterCount(const RowText& text)
{
    if (const auto* whole = std::get_if<std::string>(&text)) return characterCount(std::string_view(*whole));
    std::size_t count = 0;
    if (const auto* messages = std::get_if<Messages>(&text)) {
        for (const auto& message : *messages) count += characterCount(std::string_view(message.content));
    }
    return count;
}

std::string_view firstCharacters(std::string_view text, std::size_t count)
{
    std::size_t at = 0;
    while (at < text.size()) {
        const bool isStart = !isUtf8Continuation(text[at]);
        if (isStart && count-- == 0) break;
        ++at;
    }
    return text.substr(0, at);
}

}  // namespace preflab
