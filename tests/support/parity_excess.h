// SPDX-License-Identifier: GPL-3.0-or-later
// What of a parity run is beyond its tolerance, in words.
#pragma once

#include "core/runs/backend.h"

#include <QString>

namespace preflab::test {

/// The rows beyond their tolerance, one a line; empty if there are none.
inline QString excess(const ParityReport& report)
{
    QString text;
    for (const ParityRow& row : report.rows) {
        if (row.isWithin) continue;
        text += QString("%1: %2 (relative %3) at step %4, tolerance %5\n")
                    .arg(QString::fromStdString(row.metric))
                    .arg(row.largestDeviation)
                    .arg(row.largestRelative)
                    .arg(row.worstStep)
                    .arg(QString::fromStdString(row.tolerance));
    }
    return text;
}

}  // namespace preflab::test
