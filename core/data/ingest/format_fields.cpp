// SPDX-License-Identifier: GPL-3.0-or-later
// Reading columns of untrusted rows, without exceptions.
#include "core/data/ingest/format_fields.h"

#include "core/base/excerpt.h"

#include <utility>

namespace preflab {
namespace {

const Json* findColumn(const Json& row, std::string_view key)
{
    if (!row.is_object()) return nullptr;
    const auto found = row.find(key);
    return found == row.end() || found->is_null() ? nullptr : &*found;
}

std::string quoted(std::string_view key)
{
    return "\"" + std::string(key) + "\"";
}

std::string unexpectedKind(const std::string& what, const Json* value, std::string_view expected)
{
    if (value == nullptr) return what + " is missing, expected a " + std::string(expected);
    return what + " is a " + std::string(jsonKindName(*value)) + ", expected a " + std::string(expected);
}

tl::expected<std::string, std::string> textOf(const Json& object, std::string_view key, const std::string& what)
{
    const auto* value = findColumn(object, key);
    if (value == nullptr || !value->is_string()) return tl::unexpected(unexpectedKind(what, value, "text"));
    return value->get_ref<const std::string&>();
}

/// The text of one part of a message's content: {"type": "text", "text": "..."}. Other parts cannot be left out, since
/// the answers speak of them.
tl::expected<std::string_view, std::string> partText(const Json& part)
{
    const auto* type = findColumn(part, "type");
    if (type == nullptr || !type->is_string()) return tl::unexpected(std::string("a part without \"type\""));
    const auto& name = type->get_ref<const std::string&>();
    if (name.starts_with("image"))
        return tl::unexpected(std::string("it holds an image, which a text model cannot read"));
    if (name != "text")
        return tl::unexpected("it holds a part of the type \"" + excerptOf(name) +
                              "\", which a text model cannot read");
    const auto* text = findColumn(part, "text");
    if (text == nullptr || !text->is_string()) return tl::unexpected(std::string("a text part without \"text\""));
    return std::string_view(text->get_ref<const std::string&>());
}

/// What a message says: its text, or its text parts with nothing between them, as Transformers' templates print them. A
/// message that calls tools need not say anything.
tl::expected<std::string, std::string> contentOf(const Json& message, const std::string& where)
{
    const auto* content = findColumn(message, "content");
    if (content == nullptr && hasColumn(message, "tool_calls")) return std::string();
    if (content == nullptr || !content->is_array()) return textOf(message, "content", where + ": \"content\"");
    std::string text;
    for (const auto& part : *content) {
        const auto said = partText(part);
        if (!said) return tl::unexpected(where + ": " + said.error());
        text += *said;
    }
    return text;
}

/// The keys besides role and content as an object, and content where it is a list of parts; empty if there are none.
std::string otherKeysOf(const Json& message)
{
    Json others = Json::object();
    for (const auto& [key, value] : message.items()) {
        const bool isShown = key == "role" || (key == "content" && value.is_string());
        if (!isShown && !value.is_null()) others[key] = value;
    }
    return others.empty() ? std::string() : others.dump();
}

}  // namespace

std::string_view jsonKindName(const Json& value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::boolean:
        return "truth value";
    case Json::value_t::string:
        return "text";
    case Json::value_t::object:
        return "object";
    case Json::value_t::array:
        if (!value.empty() && value.front().is_object() && value.front().contains("role")) return "list of messages";
        return "list";
    default:
        return "number";
    }
}

bool hasColumn(const Json& row, std::string_view key)
{
    return findColumn(row, key) != nullptr;
}

bool hasText(const Json& row, std::string_view key)
{
    const auto* value = findColumn(row, key);
    return value != nullptr && value->is_string();
}

bool hasMessages(const Json& row, std::string_view key)
{
    const auto* value = findColumn(row, key);
    return value != nullptr && value->is_array() && (value->empty() || jsonKindName(*value) == "list of messages");
}

bool hasPromptByAnotherName(const Json& row)
{
    for (const std::string_view key : {"instruction", "input", "question", "query", "context", "conversations"}) {
        if (hasColumn(row, key)) return true;
    }
    return false;
}

tl::expected<std::string, std::string> textColumn(const Json& row, std::string_view key)
{
    return textOf(row, key, quoted(key));
}

tl::expected<Messages, std::string> messagesColumn(const Json& row, std::string_view key)
{
    const auto* list = findColumn(row, key);
    if (list == nullptr || !list->is_array()) {
        return tl::unexpected(unexpectedKind(quoted(key), list, "list of messages"));
    }
    if (list->size() > kMaxMessages) {
        return tl::unexpected(quoted(key) + " has more than " + std::to_string(kMaxMessages) + " messages");
    }
    Messages messages;
    messages.reserve(list->size());
    for (const auto& item : *list) {
        const auto where = quoted(key) + ", message " + std::to_string(messages.size() + 1);
        if (!item.is_object()) return tl::unexpected(unexpectedKind(where, &item, "message"));
        auto role = textOf(item, "role", where + ": \"role\"");
        if (!role) return tl::unexpected(std::move(role).error());
        auto content = contentOf(item, where);
        if (!content) return tl::unexpected(std::move(content).error());
        messages.push_back({*std::move(role), *std::move(content), otherKeysOf(item)});
    }
    return messages;
}

}  // namespace preflab
