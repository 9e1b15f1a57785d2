// SPDX-License-Identifier: GPL-3.0-or-later
// Names of row kinds.
#include "core/data/rows/row.h"

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

}  // namespace preflab
