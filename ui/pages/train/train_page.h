// SPDX-License-Identifier: GPL-3.0-or-later
// Setting up a training: all at once on one page, or question by question in the wizard.
#pragma once

#include "ui/models/train/train_setup.h"
#include "ui/widgets/file_question.h"
#include "ui/widgets/page.h"

class QStackedWidget;
class QVBoxLayout;

namespace preflab {

class Button;
class SettingsForm;
class StepTrail;
class Wizard;
class Workspace;

/// Both views share one draft. Tabs of destinations: "setup" and "wizard".
class TrainPage : public Page {
    Q_OBJECT

public:
    explicit TrainPage(Workspace& workspace, FileChooser chooser = desktopFileChooser(), QWidget* parent = nullptr);
    ~TrainPage() override;

    void arrive(const Destination& destination) override;
    TrainSetup& setup() { return m_setup; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeSetup();
    QWidget* makeForm();
    QWidget* makeSide();
    void showSetup();
    void showWizard();
    void leadTo(const std::string& key);

    TrainSetup m_setup;
    FileChooser m_chooser;
    QStackedWidget* m_views;
    SettingsForm* m_form = nullptr;
    QVBoxLayout* m_formColumn = nullptr;
    QWidget* m_model = nullptr;
    QWidget* m_data = nullptr;
    Wizard* m_wizard = nullptr;
    Button* m_openWizard = nullptr;
    Button* m_closeWizard = nullptr;
};

}  // namespace preflab
