// SPDX-License-Identifier: GPL-3.0-or-later
// Where the question is written, and how it looks once asked.
#pragma once

#include <QFrame>
#include <QPlainTextEdit>

class QLabel;

namespace preflab {

class Button;

/// A text field with a button in its lower right corner. Tab leaves it.
class PromptField : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit PromptField(Button* button, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeRoom();

    Button* m_button;
};

/// A text on an inset ground.
class Bubble : public QFrame {
    Q_OBJECT

public:
    explicit Bubble(QLabel* text, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace preflab
