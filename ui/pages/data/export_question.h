// SPDX-License-Identifier: GPL-3.0-or-later
// Asked before pairs are written to a file.
#pragma once

#include "ui/widgets/question.h"

class QCheckBox;

namespace preflab {

class DatasetSession;
class Note;

/// What is written, and whether labels go with it; then the file is chosen.
class ExportQuestion : public Question {
    Q_OBJECT

public:
    explicit ExportQuestion(QWidget* window);
    /// Asks about the pairs of `session` as they are now.
    void ask(const DatasetSession& session);

Q_SIGNALS:
    void wanted(bool areLabelsWritten);

private:
    QCheckBox* m_labels;
    Note* m_votes;
    Button* m_choose;
};

}  // namespace preflab
