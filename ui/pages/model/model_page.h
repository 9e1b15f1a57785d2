// SPDX-License-Identifier: GPL-3.0-or-later
// The model in words and numbers, and a place to try it.
#pragma once

#include "ui/widgets/file_question.h"
#include "ui/widgets/page.h"

namespace preflab {

class Button;
class ComboBox;
class ModelOverview;
class StateView;
class TensorsCard;
class TryPanel;
class Workspace;

/// Shows the workspace's model while it opens, when it is open and when it cannot be.
class ModelPage : public Page {
    Q_OBJECT

public:
    explicit ModelPage(Workspace& workspace, FileChooser chooser = desktopFileChooser(), QWidget* parent = nullptr);

    /// Asks for a model folder and opens it.
    void openModel();

private:
    void makeHeader();
    QWidget* makeContent();
    void showModel();
    void updateSelector();

    Workspace& m_workspace;
    FileChooser m_chooser;
    ComboBox* m_selector = nullptr;
    Button* m_train = nullptr;
    ModelOverview* m_overview = nullptr;
    TensorsCard* m_tensors = nullptr;
    StateView* m_state = nullptr;
    TryPanel* m_try = nullptr;
};

}  // namespace preflab
