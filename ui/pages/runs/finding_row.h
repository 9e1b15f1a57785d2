// SPDX-License-Identifier: GPL-3.0-or-later
// One finding of a run in words.
#pragma once

#include "core/runs/run_findings.h"

#include <QWidget>

class QLabel;

namespace preflab {

/// Icon, title, explanation; a button where there is a stretch to see. Of one kind for good: `setFinding` gives it that
/// kind's latest steps and value, without laying the panel out anew.
class FindingRow : public QWidget {
    Q_OBJECT

public:
    explicit FindingRow(const RunFinding& finding, QWidget* parent = nullptr);

    RunFinding::Kind kind() const { return m_finding.kind; }
    /// "Training diverges".
    static QString title(RunFinding::Kind kind);
    void setFinding(const RunFinding& finding);

Q_SIGNALS:
    /// Show the stretch in the curves.
    void showWanted(const preflab::RunFinding& finding);

private:
    RunFinding m_finding;
    QLabel* m_text;
};

}  // namespace preflab
