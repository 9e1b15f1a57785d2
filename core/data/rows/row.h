// SPDX-License-Identifier: GPL-3.0-or-later
// One row of a dataset, as its columns say it, before any tokenisation.
#pragma once

#include "core/base/message.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace preflab {

/// A column's content: absent, a text, or a list of messages.
using RowText = std::variant<std::monostate, std::string, Messages>;

/// What a dataset's rows are.
enum class RowKind {
    Preference,        ///< chosen and rejected, with or without prompt
    PromptCompletion,  ///< prompt and completion (in `chosen`), for SFT
    Text,              ///< a text (in `chosen`), for SFT
};

/// "preference", "prompt-completion", "text".
std::string_view rowKindId(RowKind kind);

/// The columns that hold a row's texts, in TRL's names and order: prompt, chosen and rejected; prompt and completion;
/// text.
std::span<const std::string_view> textColumns(RowKind kind);

/// One row. Preference rows without `prompt` are implicit: both sides hold the whole conversation.
struct Row {
    RowKind kind = RowKind::Preference;
    RowText prompt;
    RowText chosen;
    RowText rejected;
    /// True if the prompt has to be found as the common beginning of both sides.
    bool isPromptImplicit() const { return kind == RowKind::Preference && prompt.index() == 0; }
};

}  // namespace preflab
