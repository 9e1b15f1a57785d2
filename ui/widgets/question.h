// SPDX-License-Identifier: GPL-3.0-or-later
// A question over the window.
#pragma once

#include <QDialog>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace preflab {

class Button;

/// A title, a sentence, what the question is about, and answers in a row: the way back at the left, Enter's answer last.
/// While it is asked with open() nothing else in the window takes keys or clicks; Esc is the way back (`rejected`).
class Question : public QDialog {
    Q_OBJECT

public:
    explicit Question(QWidget* window);

    void setHeading(const QString& title, const QString& text);
    /// What is asked about, below the sentence.
    QVBoxLayout& body() { return *m_body; }
    /// The answer that changes nothing; Esc gives it.
    void setWayBack(Button* button);
    void addAnswer(Button* button);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QLabel* m_title;
    QLabel* m_text;
    QVBoxLayout* m_body;
    QHBoxLayout* m_answers;
};

}  // namespace preflab
