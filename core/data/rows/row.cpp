// SPDX-License-Identifier: GPL-3.0-or-later
// Names of row kinds, and of their columns.
#include "core/data/rows/row.h"

#include <array>

namespace preflab {

std::string_view rowKindId(RowKind kind)
{
    switch (kind) {
    case RowKind::Preference:
        return "preference";
    case RowKind::PromptCompletion:
        return "prompt-completion";
    case RowKind::Text:
        return "text";
    }
    return "";
}

std::span<const std::string_view> textColumns(RowKind kind)
{
    static constexpr std::array<std::string_view, 3> kPreference{"prompt", "chosen", "rejected"};
    static constexpr std::array<std::string_view, 2> kCompletion{"prompt", "completion"};
    static constexpr std::array<std::string_view, 1> kPlain{"text"};
    if (kind == RowKind::Text) return kPlain;
    if (kind == RowKind::PromptCompletion) return kCompletion;
    return kPreference;
}

}  // namespace preflab
