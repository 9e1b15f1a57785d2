// SPDX-License-Identifier: GPL-3.0-or-later
// What the user said of a row, as columns of an export.
#pragma once

#include "core/base/json.h"
#include "core/data/ingest/unique_names.h"
#include "core/data/journal/row_state.h"

#include <array>
#include <string>

namespace preflab {

/// "label", "strength", "reasons", "tags" and "note"; one that is taken is called "preflab_label" and so on.
class LabelColumns {
public:
    explicit LabelColumns(UniqueNames taken);
    /// The columns of a row; nullptr for one that was not touched.
    Json of(const RowState* state) const;

private:
    std::array<std::string, 5> m_names;
};

}  // namespace preflab
