// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of the project: the list, and one run while it computes or as it was.
#pragma once

#include "ui/pages/runs/run_view.h"
#include "ui/pages/runs/runs_list.h"
#include "ui/widgets/page.h"

#include <QPointer>

class QStackedWidget;

namespace preflab {

class RunCenter;
class StateView;
class Workspace;

/// Two views, each with a header of its own: the list, and the run that was opened.
class RunsPage : public Page {
    Q_OBJECT

public:
    explicit RunsPage(Workspace& workspace, QWidget* parent = nullptr);

    /// Opens the run that the destination names, at its tab.
    void arrive(const Destination& destination) override;
    void openRun(const QString& run, const QString& tab = {});
    void showList();
    RunsList* list() const { return m_list; }
    RunView* runView() const { return m_view; }

private:
    void followProject();
    QWidget* makeList(RunCenter& center);
    void forward(RunView& view);

    Workspace& m_workspace;
    QStackedWidget* m_stack;
    StateView* m_state;
    QPointer<RunsList> m_list;
    QPointer<RunView> m_view;
    QString m_pendingRun, m_pendingTab;  ///< asked for before the list was there
};

}  // namespace preflab
