// SPDX-License-Identifier: GPL-3.0-or-later
// Model, data, method, settings, review: one question a step.
#pragma once

#include "ui/models/app/destination.h"
#include "ui/models/train/train_setup.h"
#include "ui/widgets/file_question.h"
#include "ui/widgets/step_trail.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QStackedWidget;

namespace preflab {

class Button;
class SettingsForm;

/// Edits the same draft as the Train page, with the same parts. Enter goes on, Alt+Left back, Ctrl+Enter starts.
class Wizard : public QWidget {
    Q_OBJECT

public:
    enum Step { ModelStep, DataStep, MethodStep, SettingsStep, ReviewStep, StepCount };

    Wizard(TrainSetup& setup, FileChooser chooser, QWidget* parent = nullptr);

    /// The trail of steps, for the page's header, which owns it.
    StepTrail* trail() const { return m_trail; }
    /// Shows the first step, or where it was left.
    void begin();
    int step() const;
    /// Only steps that were visited, or the next one.
    void goTo(int step);

Q_SIGNALS:
    void wentTo(const preflab::Destination& destination);
    /// A short message for the corner of the window.
    void noticed(const QString& text);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeStep(const QString& question, const QString& sentence, QWidget* content);
    QWidget* makeModelStep();
    QWidget* makeDataStep();
    QWidget* makeMethodStep();
    QWidget* makeSettingsStep();
    QWidget* makeReviewStep();
    QWidget* makeFoot();
    void next();
    void start();
    void takeState();
    /// The step where a finding can be solved.
    static int stepOf(const std::string& key);
    void leadTo(const std::string& key);

    TrainSetup& m_setup;
    FileChooser m_chooser;
    QPointer<StepTrail> m_trail;
    QStackedWidget* m_steps;
    QList<QPointer<QWidget>> m_first;  ///< what has the keyboard when a step is shown
    SettingsForm* m_form = nullptr;
    QLabel* m_cost = nullptr;
    QLabel* m_obstacle = nullptr;
    Button* m_back = nullptr;
    Button* m_next = nullptr;
    Button* m_start = nullptr;
    int m_reached = 0;
};

}  // namespace preflab
