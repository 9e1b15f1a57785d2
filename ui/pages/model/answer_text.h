// SPDX-License-Identifier: GPL-3.0-or-later
// A text that grows at its end.
#pragma once

#include <QTextEdit>

namespace preflab {

/// Read-only, in the reading font, plain text whatever the model writes. Follows the end until the user scrolls up.
class AnswerText : public QTextEdit {
    Q_OBJECT

public:
    explicit AnswerText(QWidget* parent = nullptr);
    void append(const QString& piece);
    void clearText();
};

}  // namespace preflab
