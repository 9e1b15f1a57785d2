// SPDX-License-Identifier: GPL-3.0-or-later
// What ends the composing of a run: is it ready, what is left to do, start.
#pragma once

#include "ui/models/train/train_setup.h"

#include <QWidget>

class QBoxLayout;
class QHBoxLayout;
class QLabel;

namespace preflab {

class Button;
class IconLabel;

/// Under the Train page's cards.
class StartBar : public QWidget {
    Q_OBJECT

public:
    explicit StartBar(TrainSetup& setup, QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The user wants to start, but this is in the way: lead them there.
    void problemShown(const std::string& key);
    void commandCopied();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void takeFindings();
    void takeEstimate();
    void start();

    TrainSetup& m_setup;
    IconLabel* m_icon;
    QLabel* m_text;
    Button* m_copy;
    Button* m_try;
    Button* m_start;
    QBoxLayout* m_row;  ///< what it says, then the buttons: in one line or in two
    QHBoxLayout* m_buttons;
};

/// Gives Start its look and tooltip: greyed with the reason while something is in the way. It can still be pressed, and
/// leads there.
void showReadiness(Button& start, const TrainSetup& setup);

}  // namespace preflab
