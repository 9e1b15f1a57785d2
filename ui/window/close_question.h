// SPDX-License-Identifier: GPL-3.0-or-later
// Asked when the window or the project is to be left while a run is going.
#pragma once

#include "ui/widgets/question.h"

namespace preflab {

/// Nothing is lost by any answer. Esc leaves everything as it is.
class CloseQuestion : public Question {
    Q_OBJECT

public:
    explicit CloseQuestion(QWidget* window);

    enum class Purpose { Quit, OpenOther };
    /// Asks about that many runs, the first of which has that name.
    void ask(const QString& run, int runs, Purpose purpose);
    /// Says what is waited for: a step and its checkpoint, or all of training. All that is left to choose is to stay; the
    /// window can be used meanwhile.
    void showWaiting(Purpose purpose, bool isSaving);

Q_SIGNALS:
    void saveWanted();    ///< stop after this step, save, leave
    void finishWanted();  ///< leave when the runs are finished
    void kept();          ///< do not leave

private:
    void showPurpose(Purpose purpose);

    Button* m_keep;
    Button* m_finish;
    Button* m_save;
};

}  // namespace preflab
