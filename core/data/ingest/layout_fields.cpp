// SPDX-License-Identifier: GPL-3.0-or-later
// Reading columns of untrusted rows, without exceptions.
#include "core/data/ingest/layout_fields.h"

#include "core/base/excerpt.h"
#include "core/base/json.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace preflab {
namespace {

std::optional<RecordValue> findColumn(const RecordValue& row, std::string_view key)
{
    const auto found = row.find(key);
    return found && found->kind() != RecordValue::Kind::Null ? found : std::nullopt;
}

std::string quoted(std::string_view key)
{
    return "\"" + std::string(key) + "\"";
}

std::string unexpectedKind(const std::string& what, const std::optional<RecordValue>& value, std::string_view expected)
{
    if (!value) return what + " is missing, expected a " + std::string(expected);
    return what + " is a " + std::string(kindName(*value)) + ", expected a " + std::string(expected);
}

tl::expected<std::string, std::string> textOf(const RecordValue& object, std::string_view key, const std::string& what)
{
    const auto value = findColumn(object, key);
    if (!value || !value->isText()) return tl::unexpected(unexpectedKind(what, value, "text"));
    return std::string(value->text());
}

/// The text of one part of a message's content: {"type": "text", "text": "..."}. Other parts cannot be left out, since
/// the answers speak of them.
tl::expected<std::string_view, std::string> partText(const RecordValue& part)
{
    const auto type = findColumn(part, "type");
    if (!type || !type->isText()) return tl::unexpected(std::string("a part without \"type\""));
    const auto name = type->text();
    if (name.starts_with("image"))
        return tl::unexpected(std::string("it holds an image, which a text model cannot read"));
    if (name != "text")
        return tl::unexpected("it holds a part of the type \"" + excerptOf(name) +
                              "\", which a text model cannot read");
    const auto text = findColumn(part, "text");
    if (!text || !text->isText()) return tl::unexpected(std::string("a text part without \"text\""));
    return text->text();
}

/// What a message says: its text, or its text parts with nothing between them, as Transformers' templates print them. A
/// message that calls tools need not say anything.
tl::expected<std::string, std::string> contentOf(const RecordValue& message, const std::string& where)
{
    const auto content = findColumn(message, "content");
    if (!content && hasColumn(message, "tool_calls")) return std::string();
    if (!content || !content->isList()) return textOf(message, "content", where + ": \"content\"");
    std::string text;
    for (const RecordValue part : content->values()) {
        const auto said = partText(part);
        if (!said) return tl::unexpected(where + ": " + said.error());
        text += *said;
    }
    return text;
}

/// The keys besides role and content as an object, and content where it is a list of parts; empty if there are none.
std::string otherKeysOf(const RecordValue& message)
{
    std::string others;
    for (const auto& [key, value] : message.members()) {
        const bool isShown = key == "role" || (key == "content" && value.isText());
        if (isShown || value.kind() == RecordValue::Kind::Null) continue;
        others += (others.empty() ? "{" : ",") + Json(key).dump() + ":";
        appendJson(others, value);
    }
    return others.empty() ? others : others + "}";
}

}  // namespace

std::string_view kindName(const RecordValue& value)
{
    switch (value.kind()) {
    case RecordValue::Kind::Null:
        return "null";
    case RecordValue::Kind::Boolean:
        return "truth value";
    case RecordValue::Kind::Text:
        return "text";
    case RecordValue::Kind::Object:
        return "object";
    case RecordValue::Kind::List:
        for (const RecordValue first : value.values()) return first.find("role") ? "list of messages" : "list";
        return "list";
    default:
        return "number";
    }
}

bool hasColumn(const RecordValue& row, std::string_view key)
{
    return findColumn(row, key).has_value();
}

bool hasText(const RecordValue& row, std::string_view key)
{
    const auto value = findColumn(row, key);
    return value && value->isText();
}

bool hasMessages(const RecordValue& row, std::string_view key)
{
    const auto value = findColumn(row, key);
    return value && value->isList() && (value->values().size() == 0 || kindName(*value) == "list of messages");
}

bool hasPrompt(const RecordValue& row, const ColumnMapping& mapping)
{
    if (hasColumn(row, mapping.prompt)) return true;
    for (const std::string_view key : {"instruction", "input", "question", "query", "context", "conversations"}) {
        if (key != mapping.chosen && key != mapping.rejected && hasColumn(row, key)) return true;
    }
    return false;
}

tl::expected<std::string, std::string> textColumn(const RecordValue& row, std::string_view key)
{
    return textOf(row, key, quoted(key));
}

tl::expected<Messages, std::string> messagesColumn(const RecordValue& row, std::string_view key)
{
    const auto list = findColumn(row, key);
    if (!list || !list->isList()) return tl::unexpected(unexpectedKind(quoted(key), list, "list of messages"));
    const auto items = list->values();
    if (items.size() > kMaxMessages) {
        return tl::unexpected(quoted(key) + " has more than " + std::to_string(kMaxMessages) + " messages");
    }
    Messages messages;
    messages.reserve(items.size());
    for (const RecordValue item : items) {
        const auto where = quoted(key) + ", message " + std::to_string(messages.size() + 1);
        if (!item.isObject()) return tl::unexpected(unexpectedKind(where, item, "message"));
        auto role = textOf(item, "role", where + ": \"role\"");
        if (!role) return tl::unexpected(std::move(role).error());
        auto content = contentOf(item, where);
        if (!content) return tl::unexpected(std::move(content).error());
        messages.push_back({*std::move(role), *std::move(content), otherKeysOf(item)});
    }
    return messages;
}

Recognition recognisedBy(std::span<const RecordValue> sample, const ColumnMapping& mapping, int weight,
                         bool (*fits)(const RecordValue& row, const ColumnMapping& mapping), const std::string& what)
{
    const auto isFitting = [&](const RecordValue& row) { return fits(row, mapping); };
    const auto count = std::ranges::count_if(sample, isFitting);
    const std::string total = std::to_string(sample.size());
    const std::string where = sample.size() == 1 ? "the first record"
                              : static_cast<std::size_t>(count) == sample.size()
                                  ? "all of the first " + total + " records"
                                  : std::to_string(count) + " of the first " + total + " records";
    return {weight * static_cast<int>(count), mapping, what + " in " + where};
}

std::string columnsOf(const ColumnMapping& mapping, std::initializer_list<std::string_view> roles)
{
    std::string text;
    for (const std::string_view role : roles)
        text += (text.empty() ? "" : role == *(roles.end() - 1) ? " and " : ", ") + mapping.column(role);
    return text;
}

bool Layout::readsAll(std::span<const std::string_view> wanted) const
{
    return std::ranges::all_of(wanted,
                               [this](std::string_view role) { return std::ranges::find(roles, role) != roles.end(); });
}

std::vector<std::string> MappedLayout::textColumns() const
{
    std::vector<std::string> columns;
    if (!layout->isColumnar) return columns;
    for (const std::string_view role : preflab::textColumns(layout->kind)) columns.push_back(mapping.column(role));
    return columns;
}

}  // namespace preflab
