// SPDX-License-Identifier: GPL-3.0-or-later
// Paths among the arguments that lead nowhere by themselves.
#pragma once

#include "app/cli/arguments.h"

namespace preflab {

/// WrongUse for a path that is given as an empty text; FileUnreadable for one that is to be looked for in the current
/// folder when that was deleted or its path is too long.
Result<> checkPaths(const std::vector<Flag>& flags, const std::vector<Operand>& operands, const Arguments& arguments);

}  // namespace preflab
