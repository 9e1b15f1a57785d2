// SPDX-License-Identifier: GPL-3.0-or-later
// What formats share: reading columns of a row, with reasons for people. A column that is null counts as absent.
#pragma once

#include "core/base/result.h"
#include "core/data/rows/record.h"
#include "core/data/rows/row.h"

#include <string>
#include <string_view>

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
/// True if there is a column that people use for a prompt under another name ("instruction", "question", ...):
/// then the answers alone are not the whole conversation.
bool hasPromptByAnotherName(const RecordValue& row);

/// The column's content, or the reason why it is not usable.
tl::expected<std::string, std::string> textColumn(const RecordValue& row, std::string_view key);
tl::expected<Messages, std::string> messagesColumn(const RecordValue& row, std::string_view key);

}  // namespace preflab
