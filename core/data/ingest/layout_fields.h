// SPDX-License-Identifier: GPL-3.0-or-later
// What layouts share: reading columns of a row, with reasons for people. A column that is null counts as absent.
#pragma once

#include "core/base/result.h"
#include "core/data/ingest/layout.h"
#include "core/data/rows/record.h"
#include "core/data/rows/row.h"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace preflab {

/// More turns than any conversation has; such a row is hostile or broken.
inline constexpr std::size_t kMaxMessages = 10'000;

/// "text", "number", "list of messages", ...: the kind of a value, for messages.
std::string_view kindName(const RecordValue& value);

/// True if the column is there and not null.
bool hasColumn(const RecordValue& row, std::string_view key);
/// True if the column is a text.
bool hasText(const RecordValue& row, std::string_view key);
/// True if the column is a list of messages, judged by its first element; an empty list is one.
bool hasMessages(const RecordValue& row, std::string_view key);
/// True if there is a prompt beside the answers: in its column, or in one that people use for it under another name
/// ("instruction", "question", ...) and that is no answer. Then the answers alone are not the whole conversation.
bool hasPrompt(const RecordValue& row, const ColumnMapping& mapping);

/// The column's content, or the reason why it is not usable.
tl::expected<std::string, std::string> textColumn(const RecordValue& row, std::string_view key);
tl::expected<Messages, std::string> messagesColumn(const RecordValue& row, std::string_view key);

/// The usual way to recognise a layout: each record of the sample that `fits` counts `weight`. `what` is said of them in
/// the reason: "prompt and completion hold texts".
Recognition recognisedBy(std::span<const RecordValue> sample, const ColumnMapping& mapping, int weight,
                         bool (*fits)(const RecordValue& row, const ColumnMapping& mapping), const std::string& what);
/// "prompt, chosen and rejected": the columns of those roles.
std::string columnsOf(const ColumnMapping& mapping, std::initializer_list<std::string_view> roles);

/// Layout::read of a layout by which a record is one row, from a function that reads it.
template <tl::expected<Row, std::string> (*readRow)(const RecordValue& record, const ColumnMapping& mapping)>
tl::expected<void, std::string> readOneRow(const RecordValue& record, const ColumnMapping& mapping, RecordRows& into)
{
    auto row = readRow(record, mapping);
    if (!row) return tl::unexpected(std::move(row).error());
    into.push_back({*std::move(row), 0});
    return {};
}

}  // namespace preflab
