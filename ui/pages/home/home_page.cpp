// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and verbs of the first page.
#include "ui/pages/home/home_page.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/recent_projects_model.h"
#include "ui/models/app/workspace.h"
#include "ui/pages/home/action_tile.h"
#include "ui/pages/home/drop_area.h"
#include "ui/pages/home/first_steps.h"
#include "ui/pages/home/recent_list.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <utility>

namespace preflab {
namespace {

/// Below it the panel at the right would crowd the tiles.
constexpr int kWidthForSteps = 1100 - 72;
/// Beyond it tiles and lines only become harder to read.
constexpr int kWidestMain = 960;

}  // namespace

HomePage::HomePage(Workspace& workspace, FileChooser chooser, QWidget* parent)
    : Page(PageId::Home, tr("Home"), parent), m_workspace(workspace), m_chooser(std::move(chooser)),
      m_recent(new RecentProjectsModel(workspace, this))
{
    header().hide();  // the page's own title is larger
    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setAlignment(Qt::AlignHCenter);
    area->setWidget(makeMain());
    m_steps = new FirstSteps(workspace);
    row->addWidget(area, 1);
    row->addWidget(m_steps);
    setContent(content);
    connect(m_steps, &FirstSteps::wentTo, this, &HomePage::wentTo);
    connect(m_list, &RecentList::openWanted, this,
            [this](int index) { m_workspace.openProject(m_recent->folderAt(index)); });
    connect(m_list, &RecentList::findWanted, this, [this](int index) { findProject(m_recent->folderAt(index)); });
    connect(m_list, &RecentList::removeWanted, m_recent, &RecentProjectsModel::forget);
}

QWidget* HomePage::makeTiles()
{
    auto* tiles = new QWidget;
    auto* grid = new QGridLayout(tiles);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(currentTheme().px(12));
    using Look = ActionTile::Look;
    m_demo = new ActionTile(tr("Open the demo experiment"), tr("Small model, pairs of its own, two minutes"),
                            QStringLiteral("play"), QStringLiteral("Return"), Look::Filled);
    auto* wizard = new ActionTile(tr("New training"), tr("Five steps from model to start"), QStringLiteral("train"),
                                  QStringLiteral("Ctrl+N"), Look::Plain);
    auto* pairs = new ActionTile(tr("Open pairs"), tr("JSONL, JSON, CSV or Parquet"), QStringLiteral("data"),
                                 QStringLiteral("Ctrl+O"), Look::Plain);
    auto* model = new ActionTile(tr("Open a model"), tr("A Hugging Face folder"), QStringLiteral("model"),
                                 QStringLiteral("Ctrl+M"), Look::Plain);
    grid->addWidget(m_demo, 0, 0);
    grid->addWidget(wizard, 0, 1);
    grid->addWidget(pairs, 1, 0);
    grid->addWidget(model, 1, 1);
    connect(m_demo, &ActionTile::clicked, this, &HomePage::demoWanted);
    connect(wizard, &ActionTile::clicked, this, &HomePage::startWizard);
    connect(pairs, &ActionTile::clicked, this, &HomePage::openPairs);
    connect(model, &ActionTile::clicked, this, &HomePage::openModel);
    return tiles;
}

QWidget* HomePage::makeMain()
{
    const Theme& theme = currentTheme();
    auto* main = new QWidget;
    main->setMaximumWidth(theme.px(kWidestMain));
    auto* column = new QVBoxLayout(main);
    column->setContentsMargins(theme.px(44), theme.px(40), theme.px(44), theme.px(24));
    column->setSpacing(theme.px(4));
    QLabel* what =
        makeLabel(tr("Read preference pairs, train on them, and see what each pair became."), "", "secondary");
    what->setWordWrap(true);
    column->addWidget(makeLabel(QStringLiteral("PrefLab"), "title"));
    column->addWidget(what);
    column->addSpacing(theme.px(18));
    column->addWidget(makeTiles());
    column->addSpacing(theme.px(18));
    auto* title = new QHBoxLayout;
    title->setSpacing(theme.px(8));
    title->addWidget(makeLabel(tr("Recent projects"), "strong"), 1);
    auto* make = new Button(tr("New project"), QStringLiteral("plus"));
    auto* open = new Button(tr("Open project"), QStringLiteral("folder"));
    for (Button* button : {make, open}) {
        button->setDense();
        title->addWidget(button);
    }
    connect(make, &Button::clicked, this, &HomePage::newProject);
    connect(open, &Button::clicked, this, &HomePage::openProject);
    m_list = new RecentList(*m_recent);
    m_drop = new DropArea;
    column->addLayout(title);
    column->addSpacing(theme.px(4));
    column->addWidget(m_list);
    column->addStretch(1);
    column->addSpacing(theme.px(18));
    column->addWidget(m_drop);
    return main;
}

void HomePage::startWizard()
{
    Q_EMIT wentTo({PageId::Train, QStringLiteral("wizard"), {}, {}});
}

void HomePage::openPairs()
{
    m_chooser(*this, FileQuestion::Pairs, [this](const std::filesystem::path& path) {
        m_workspace.openDataset(path);
        Q_EMIT wentTo({PageId::Data, {}, {}, {}});
    });
}

void HomePage::openModel()
{
    m_chooser(*this, FileQuestion::ModelFolder, [this](const std::filesystem::path& path) {
        m_workspace.openModel(path);
        Q_EMIT wentTo({PageId::Model, {}, {}, {}});
    });
}

void HomePage::newProject()
{
    m_chooser(*this, FileQuestion::NewProject,
              [this](const std::filesystem::path& path) { m_workspace.openProject(path); });
}

void HomePage::openProject()
{
    m_chooser(*this, FileQuestion::ProjectFolder,
              [this](const std::filesystem::path& path) { m_workspace.openProject(path); });
}

void HomePage::findProject(const std::filesystem::path& gone)
{
    m_chooser(*this, FileQuestion::ProjectFolder, [this, gone](const std::filesystem::path& path) {
        // The old place leaves the list only once the project is open at the new one.
        m_workspace.openProject(path, [this, gone] { m_workspace.settings().forgetRecent(gone); });
    });
}

void HomePage::showDrag(const std::filesystem::path& path)
{
    m_drop->showDrag(path);
}

void HomePage::endDrag()
{
    m_drop->endDrag();
}

void HomePage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
        Page::keyPressEvent(event);
        return;
    }
    // Enter acts on the control that the user went to, and on the demo otherwise.
    auto* focused = qobject_cast<QAbstractButton*>(focusWidget());
    if (focused != nullptr && focused->hasFocus())
        focused->click();
    else
        m_demo->click();
}

void HomePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_recent->checkFolders();
    m_demo->setFocus(Qt::OtherFocusReason);
}

void HomePage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const Theme& theme = currentTheme();
    m_steps->setVisible(width() >= theme.px(kWidthForSteps));
    m_steps->setFixedWidth(theme.px(width() >= theme.px(1500) ? 480 : 400));
}

}  // namespace preflab
