// SPDX-License-Identifier: GPL-3.0-or-later
// Asked when the window or the project is to be left while a run is going.
#pragma once

#include <QFrame>

class QLabel;

namespace preflab {

class Button;

/// A panel over the window; nothing is lost by any answer. Esc leaves everything as it is.
class CloseQuestion : public QFrame {
    Q_OBJECT

public:
    explicit CloseQuestion(QWidget* window);

    enum class Purpose { Quit, OpenOther };
    /// Shows the panel for that many runs, the first of which has that name.
    void ask(const QString& run, int runs, Purpose purpose);
    /// Says what is waited for: a step and its checkpoint, or all of training. All that is left to choose is to stay.
    void showWaiting(Purpose purpose, bool isSaving);

Q_SIGNALS:
    void saveWanted();    ///< stop after this step, save, leave
    void finishWanted();  ///< leave when the runs are finished
    void kept();          ///< do not leave

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void showPurpose(Purpose purpose);
    void place();

    QLabel* m_title;
    QLabel* m_text;
    Button* m_keep;
    Button* m_finish;
    Button* m_save;
};

}  // namespace preflab
