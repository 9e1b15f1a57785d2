// SPDX-License-Identifier: GPL-3.0-or-later
// Makes what a table shows of a row's text. For worker threads.
#pragma once

#include "core/data/view/row_search.h"
#include "ui/models/data/dataset_table_model.h"

#include <QCoreApplication>

#include <optional>
#include <string>

namespace preflab {

/// Reads previews of one view.
class PreviewReader {
    Q_DECLARE_TR_FUNCTIONS(preflab::PreviewReader)

public:
    /// `search` as in the query; `rows` must outlive this.
    PreviewReader(const RowSource& rows, const std::string& search);
    RowPreview read(std::uint32_t row) const;

private:
    const RowSource& m_rows;
    std::optional<RowSearch> m_search;
};

}  // namespace preflab
