// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting rows by columns.
#pragma once

#include "core/data/view/view_index.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace preflab {

/// Sorts ascending row numbers by a column. Texts are compared letter by letter in lower case, in code point order, as
/// far as 100 bytes. Cancelled, or the error of a row that cannot be read (texts that begin alike are read again).
Result<> sortRows(const ViewInputs& inputs, ViewColumn column, ViewOrder order, std::vector<std::uint32_t>& rows,
                  const std::stop_token& stop);

}  // namespace preflab
