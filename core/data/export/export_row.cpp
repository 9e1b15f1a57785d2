// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts move only the border between prompt and answers, so a message is found again by its place.
#include "core/data/export/export_row.h"

#include "core/data/export/export_columns.h"
#include "core/data/journal/row_state.h"
#include "core/data/rows/prompt_split.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace preflab {
namespace {

RowText joined(const RowText& prompt, const RowText& side)
{
    const auto* promptText = std::get_if<std::string>(&prompt);
    const auto* sideText = std::get_if<std::string>(&side);
    if (promptText != nullptr && sideText != nullptr) return *promptText + *sideText;
    const auto* promptMessages = std::get_if<Messages>(&prompt);
    const auto* sideMessages = std::get_if<Messages>(&side);
    if (promptMessages == nullptr || sideMessages == nullptr) return side;
    Messages all = *promptMessages;
    all.insert(all.end(), sideMessages->begin(), sideMessages->end());
    return all;
}

Row withPrompt(Row row)
{
    if (auto split = splitPrompt(row, SplitRule::Automatic)) return *std::move(split);
    // An empty side has no beginning in common with the other one.
    if (std::holds_alternative<Messages>(row.chosen))
        row.prompt = Messages();
    else
        row.prompt = std::string();
    return row;
}

/// The row in the layout of the others: with a prompt among rows without one it would be unreadable, and the other way
/// round.
Row inLayoutOf(const Dataset& data, Row row)
{
    if (row.kind != RowKind::Preference) return row;
    if (!data.isPromptImplicit) return withPrompt(std::move(row));
    const bool areSameKinds = row.prompt.index() == row.chosen.index() && row.prompt.index() == row.rejected.index();
    if (!areSameKinds) return row;
    row.chosen = joined(row.prompt, row.chosen);
    row.rejected = joined(row.prompt, row.rejected);
    row.prompt = {};
    return row;
}

/// The messages of a side with all their keys, those of the prompt first.
Json conversation(const Row& source, const Json& original, const std::string& side)
{
    Json all = Json::array();
    if (std::holds_alternative<Messages>(source.prompt)) {
        const Json& own = original.at("prompt");
        // UltraFeedback's prompt is a text that became a message.
        all = own.is_array() ? own : toJson(source).at("prompt");
    }
    for (const Json& message : original.at(side)) all.push_back(message);
    return all;
}

/// The texts of the source in the layout of `laid`, messages with all their keys.
Json sourceTexts(const Row& source, const Row& laid, const Json& original)
{
    Json texts = toJson(laid);
    const auto* prompt = std::get_if<Messages>(&laid.prompt);
    const auto border = static_cast<std::ptrdiff_t>(prompt != nullptr ? prompt->size() : 0);
    // The prompt is the beginning of the first side.
    for (const char* side : {"rejected", "chosen", "completion"}) {
        const auto found = texts.find(side);
        if (found == texts.end() || !found->is_array()) continue;
        const Json all = conversation(source, original, side);
        *found = Json::array();
        found->insert(found->end(), all.begin() + border, all.end());
        if (prompt == nullptr) continue;
        texts["prompt"] = Json::array();
        texts["prompt"].insert(texts["prompt"].end(), all.begin(), all.begin() + border);
    }
    return texts;
}

bool areExchanged(const Row& now, const Row& before)
{
    return now.chosen != before.chosen && now.rejected != before.rejected &&
           (now.chosen == before.rejected || now.rejected == before.chosen);
}

/// What a message says: its text, or its text parts joined.
std::string saidIn(const Json& message)
{
    const auto content = message.find("content");
    if (content == message.end()) return {};
    if (content->is_string()) return content->get<std::string>();
    std::string text;
    for (const Json& part : *content)
        if (part.is_object() && part.contains("text") && part.at("text").is_string())
            text += part.at("text").get_ref<const std::string&>();
    return text;
}

/// Gives messages the other keys of those at their positions, and contents in parts where these say the same.
void keepKeys(Json& messages, const Json& source)
{
    if (!messages.is_array() || !source.is_array()) return;
    for (std::size_t i = 0; i < std::min(messages.size(), source.size()); ++i) {
        Json message = source[i];
        message["role"] = messages[i].at("role");
        if (messages[i].at("content") != saidIn(message)) message["content"] = messages[i].at("content");
        messages[i] = std::move(message);
    }
}

/// The texts of an edited row; `before` is the source's row, and `source` its texts.
Json editedTexts(const Row& now, const Row& before, const Json& source)
{
    Json texts = toJson(now);
    const bool isExchanged = areExchanged(now, before);
    for (const std::string key : {"prompt", "chosen", "rejected", "completion"}) {
        const std::string from = !isExchanged ? key : key == "chosen" ? "rejected" : key == "rejected" ? "chosen" : key;
        if (texts.contains(key) && source.contains(from)) keepKeys(texts[key], source[from]);
    }
    return texts;
}

/// What the user says first in a list of messages; nothing if there is no such list.
std::string firstQuestion(const Json& texts)
{
    const auto side = texts.find("chosen");
    if (side == texts.end() || !side->is_array()) return {};
    for (const Json& message : *side)
        if (message.at("role") == "user") return saidIn(message);
    return {};
}

/// UltraFeedback's text beside conversations that begin with the prompt. It follows the conversation if it repeated it.
std::string promptBeside(const std::string& text, const Json& source, const Json& texts)
{
    const std::string question = firstQuestion(texts);
    return text == firstQuestion(source) && !question.empty() ? question : text;
}

}  // namespace

Json exportedRow(const Dataset& data, const Row& source, const Json& original, const Row* edited)
{
    if (original.is_null()) return toJson(inLayoutOf(data, edited != nullptr ? *edited : source));
    const Row laid = inLayoutOf(data, source);
    const Json before = sourceTexts(source, laid, original);
    Json texts = edited != nullptr ? editedTexts(inLayoutOf(data, *edited), laid, before) : before;
    const auto prompt = original.find("prompt");
    if (source.kind == RowKind::Preference && !texts.contains("prompt") && prompt != original.end() &&
        prompt->is_string())
        texts["prompt"] = promptBeside(prompt->get<std::string>(), before, texts);
    Json row = original;
    for (const std::string_view column : textColumns(source.kind)) {
        const std::string name(column);
        if (texts.contains(name)) row[name] = std::move(texts[name]);
    }
    return row;
}

}  // namespace preflab
