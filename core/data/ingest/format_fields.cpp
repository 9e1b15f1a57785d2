// SPDX-License-Identifier: GPL-3.0-or-later
// Reading columns of untrusted rows, without exceptions.
#include "core/data/ingest/format_fields.h"

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
        auto content = textOf(item, "content", where + ": \"content\"");
        if (!content) return tl::unexpected(std::move(content).error());
        messages.push_back({*std::move(role), *std::move(content)});
    }
    return messages;
}

}  // namespace preflab
