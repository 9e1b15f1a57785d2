// SPDX-License-Identifier: GPL-3.0-or-later
// The little behaviour that the contract's structs have.
#include "core/runs/backend.h"

#include <algorithm>

namespace preflab {

bool ParityReport::isWithin() const
{
    return !rows.empty() && std::ranges::all_of(rows, &ParityRow::isWithin);
}

}  // namespace preflab
