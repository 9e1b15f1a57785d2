// SPDX-License-Identifier: GPL-3.0-or-later
// Where one starts: the demo, a training, pairs, a model, the projects of before.
#pragma once

#include "ui/widgets/file_question.h"
#include "ui/widgets/page.h"

#include <filesystem>

class QGridLayout;

namespace preflab {

class ActionTile;
class DropArea;
class FirstSteps;
class RecentList;
class RecentProjectsModel;
class Workspace;

/// Enter starts the demo, unless another control of the page has the keyboard.
class HomePage : public Page {
    Q_OBJECT

public:
    explicit HomePage(Workspace& workspace, FileChooser chooser = desktopFileChooser(), QWidget* parent = nullptr);

    /// Ask the user, open what they chose and lead to its page.
    void openPairs();
    void openModel();
    void newProject();
    void openProject();

    /// A file or folder is dragged over the window: the drop area says what it was recognised as.
    void showDrag(const std::filesystem::path& path);
    void endDrag();

Q_SIGNALS:
    void demoWanted();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeMain();
    QWidget* makeTiles();
    void startWizard();
    void findProject(const std::filesystem::path& gone);

    Workspace& m_workspace;
    FileChooser m_chooser;
    RecentProjectsModel* m_recent;
    ActionTile* m_demo = nullptr;
    RecentList* m_list = nullptr;
    DropArea* m_drop = nullptr;
    FirstSteps* m_steps = nullptr;
};

}  // namespace preflab
