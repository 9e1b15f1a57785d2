// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of a row where they lie in its record, without making a Row. Only for rows that were read well before.
#pragma once

#include "core/data/rows/row.h"

#include <functional>
#include <string_view>

namespace preflab {

/// Gets one text; true ends the visit.
using TextVisitor = std::function<bool(std::string_view text)>;

/// Calls `visit` with each text of the row's columns (with message lists: with each content, of which text parts are one
/// text), in the order of textColumns. True if a visit ended it. A text is valid during the call.
bool visitRawTexts(std::string_view json, RowKind kind, const TextVisitor& visit);

}  // namespace preflab
