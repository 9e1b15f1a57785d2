// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of a row where they lie in its record, without making a Row. Only for rows that were read well before.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace preflab {

/// Gets one text; true ends the visit.
using TextVisitor = std::function<bool(std::string_view text)>;

/// Calls `visit` with each text of those columns of a record (with message lists: with each content, of which text parts
/// are one text), in their order. True if a visit ended it. A text is valid during the call.
bool visitRawTexts(std::string_view json, std::span<const std::string> columns, const TextVisitor& visit);

}  // namespace preflab
