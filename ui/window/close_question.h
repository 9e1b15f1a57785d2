// SPDX-License-Identifier: GPL-3.0-or-later
// Asked when the window is closed while a run is going.
#pragma once

#include <QFrame>

class QLabel;

namespace preflab {

class Button;

/// A panel over the window; nothing is lost by any answer. Esc keeps the window open.
class CloseQuestion : public QFrame {
    Q_OBJECT

public:
    explicit CloseQuestion(QWidget* window);

    /// Shows the panel for that many runs, the first of which has that name.
    void ask(const QString& run, int runs);
    /// Says what is waited for; all that is left to choose is to keep the window open after all.
    void showWaiting(const QString& text);

Q_SIGNALS:
    void saveWanted();      ///< stop after this step, save, quit
    void finishWanted();    ///< quit when the runs are finished
    void keptOpen();        ///< do not quit

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void place();

    QLabel* m_title;
    QLabel* m_text;
    Button* m_keep;
    Button* m_finish;
    Button* m_save;
};

}  // namespace preflab
