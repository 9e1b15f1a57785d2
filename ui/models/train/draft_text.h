// SPDX-License-Identifier: GPL-3.0-or-later
// A run being composed as text: the command line that does the same, and TRL's configuration.
#pragma once

#include "ui/models/train/run_draft.h"

#include <QList>
#include <QString>

namespace preflab {

/// One line; those that differ from the defaults are marked where they are shown.
struct DraftLine {
    QString text;
    bool isDifferent = false;
};

/// `preflab-cli train ...` for a POSIX shell: one command for each method, one flag a line.
QList<DraftLine> commandLines(const RunDraft& draft);
/// YAML for TRL: one document for each method. What only PrefLab knows stands in comments.
QList<DraftLine> trlYaml(const RunDraft& draft);
/// The lines as one text with a line end after each.
QString joined(const QList<DraftLine>& lines);

}  // namespace preflab
