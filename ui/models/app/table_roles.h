// SPDX-License-Identifier: GPL-3.0-or-later
// What any table model may say of a cell beside its text; tables draw it.
#pragma once

#include <Qt>

namespace preflab {

/// Roles of all tables; a model's own begin at Qt::UserRole.
enum TableRole {
    MutedRole = 0x5000,  ///< bool: the row is set aside (struck, grey)
    SearchHitsRole,      ///< QList<QPair<int, int>>: begin and length in the text of search hits
    SparklineRole,       ///< QList<QPointF>: a small curve
    SeriesIndexRole,     ///< int: the run's colour
    ToneRole,            ///< QString: the text's colour token
    GapShareRole,        ///< double, -1..1: a gap against the largest that is usual, for its bar
};

}  // namespace preflab
