// SPDX-License-Identifier: GPL-3.0-or-later
// The list and the run over it.
#include "ui/pages/runs/runs_page.h"

#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/runs/run_view.h"
#include "ui/pages/runs/runs_list.h"
#include "ui/widgets/button.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QStackedWidget>
#include <QVBoxLayout>

namespace preflab {

RunsPage::RunsPage(Workspace& workspace, QWidget* parent)
    : Page(PageId::Runs, tr("Runs"), parent), m_workspace(workspace), m_stack(new QStackedWidget),
      m_state(new StateView(m_stack))
{
    // Both views bring a header of their own: a run's has other tabs and actions than the list's.
    header().hide();
    setContent(m_state);
    connect(&m_workspace, &Workspace::projectChanged, this, &RunsPage::followProject);
    followProject();
}

void RunsPage::followProject()
{
    while (m_stack->count() > 0) {
        QWidget* view = m_stack->widget(0);
        m_stack->removeWidget(view);
        delete view;
    }
    RunCenter* center = m_workspace.runs();
    header().setVisible(center == nullptr);
    if (center == nullptr) {
        m_state->showEmpty(QStringLiteral("runs"), tr("No project is open"),
                           tr("Runs belong to a project. Open pairs or a model, or start the demo, and one is made."),
                           {tr("Go to Home"), [this] {
                                Q_EMIT wentTo(Destination{PageId::Home, {}, {}, {}});
                            }});
        return;
    }
    m_stack->addWidget(makeList(*center));
    connect(center, &RunCenter::listChanged, this, [this] {
        if (!m_pendingRun.isEmpty()) openRun(std::exchange(m_pendingRun, {}), m_pendingTab);
    });
    m_state->showContent();
}

QWidget* RunsPage::makeList(RunCenter& center)
{
    auto* holder = new QWidget;
    auto* layout = new QVBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new PageHeader(tr("Runs"));
    auto* train = new Button(tr("Set up a run"), QStringLiteral("train"), Button::Kind::Primary);
    connect(train, &Button::clicked, this, [this] { Q_EMIT wentTo(Destination{PageId::Train, {}, {}, {}}); });
    top->addAction(train);
    m_list = new RunsList(center);
    layout->addWidget(top);
    layout->addWidget(m_list, 1);
    connect(m_list, &RunsList::openWanted, this, [this](const QString& run) { openRun(run); });
    connect(m_list, &RunsList::trainWanted, train, &Button::click);
    connect(m_list, &RunsList::toastWanted, this, &RunsPage::toastWanted);
    connect(m_list, &RunsList::compareWanted, this, [this](const QStringList& runs) {
        Q_EMIT wentTo(Destination{PageId::Compare, {}, runs.join(QLatin1Char(',')), {}});
    });
    return holder;
}

void RunsPage::openRun(const QString& run, const QString& tab)
{
    RunCenter* center = m_workspace.runs();
    if (center == nullptr) return;
    const auto controller = center->controller(run);
    if (!controller) {
        m_pendingRun = center->isLoaded() ? QString() : run;
        m_pendingTab = tab;
        return;
    }
    if (!m_view || &m_view->run() != controller.get()) {
        if (m_view) {
            m_stack->removeWidget(m_view);
            m_view->deleteLater();
        }
        m_view = new RunView(*center, controller);
        forward(*m_view);
        m_stack->addWidget(m_view);
    }
    if (!tab.isEmpty()) m_view->showTab(tab);
    m_stack->setCurrentWidget(m_view);
}

void RunsPage::forward(RunView& view)
{
    connect(&view, &RunView::backWanted, this, &RunsPage::showList);
    connect(&view, &RunView::wentTo, this, &RunsPage::wentTo);
    connect(&view, &RunView::toastWanted, this, &RunsPage::toastWanted);
    connect(&view, &RunView::failed, this, &Page::failed);
}

void RunsPage::showList()
{
    m_stack->setCurrentIndex(0);
    if (m_list) m_list->table().setFocus();
}

void RunsPage::arrive(const Destination& destination)
{
    if (destination.run.isEmpty()) {
        if (destination.tab == QLatin1String("list")) showList();
        return;
    }
    openRun(destination.run, destination.tab);
}

}  // namespace preflab
