// SPDX-License-Identifier: GPL-3.0-or-later
// The window's frame: navigation rail, pages, status bar, messages. It moves between pages and knows nothing of them.
#pragma once

#include "ui/models/app/app_settings.h"
#include "ui/models/app/destination.h"
#include "ui/models/app/workspace.h"
#include "ui/widgets/file_question.h"
#include "ui/window/window_options.h"

#include <QHash>
#include <QWidget>

namespace preflab {

class CommandPalette;
class DemoExperiment;
class HomePage;
class Leaving;
class NavigationRail;
class Page;
class PageStack;
class StatusBar;
class ToastArea;

/// The program's one window.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    /// `chooser` asks for files; tests answer in its place.
    explicit MainWindow(Workspace& workspace, FileChooser chooser = desktopFileChooser(), QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Size and place as the user left them; the design's 1280 x 800 the first time.
    void restoreLayout();
    /// Opens what the command line named.
    void follow(const WindowOptions& options);
    /// Shows a page as a link would.
    void goTo(const Destination& destination);
    PageId currentPage() const;
    Page* page(PageId id) const;
    Leaving& leaving() const { return *m_leaving; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addPage(Page* page);
    void makeFrame();
    void makeCommands();
    void followWorkspace();
    void applyPreferences();
    void showFailure(const Error& error);
    void updateStatus();
    void updateJob();
    void runDemo();

    Workspace& m_workspace;
    NavigationRail* m_rail = nullptr;
    PageStack* m_stack = nullptr;
    StatusBar* m_status = nullptr;
    ToastArea* m_toasts = nullptr;
    CommandPalette* m_palette = nullptr;
    Leaving* m_leaving = nullptr;
    HomePage* m_home = nullptr;
    DemoExperiment* m_demo = nullptr;
    QHash<PageId, Page*> m_pages;
};

}  // namespace preflab
