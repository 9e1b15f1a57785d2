// SPDX-License-Identifier: GPL-3.0-or-later
// Frame and wiring of the window.
#include "ui/window/main_window.h"

#include "ui/models/app/demo_experiment.h"
#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/components/components_page.h"
#include "ui/pages/home/home_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/frame_bars.h"
#include "ui/widgets/page.h"
#include "ui/widgets/toast.h"
#include "ui/window/leaving.h"
#include "ui/window/page_set.h"
#include "ui/window/page_stack.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QMimeData>
#include <QShortcut>
#include <QThread>
#include <QVBoxLayout>

namespace preflab {

MainWindow::MainWindow(Workspace& workspace, FileChooser chooser, QWidget* parent)
    : QWidget(parent), m_workspace(workspace)
{
    setWindowTitle(QStringLiteral("PrefLab"));
    setAcceptDrops(true);
    applyPreferences();
    makeFrame();
    for (Page* page : makePages(workspace, chooser)) addPage(page);
    m_home = qobject_cast<HomePage*>(m_pages.value(PageId::Home));
    m_demo = new DemoExperiment(workspace, this);
    connect(m_home, &HomePage::demoWanted, this, &MainWindow::runDemo);
    connect(m_demo, &DemoExperiment::started, this, [this](const QString& run) { goTo({PageId::Runs, {}, run, {}}); });
    connect(m_demo, &DemoExperiment::reopened, this, [this] { goTo({PageId::Runs, {}, {}, {}}); });
    connect(m_demo, &DemoExperiment::failed, this, &MainWindow::showFailure);
    makeCommands();
    followWorkspace();
    connect(&workspace.settings(), &AppSettings::preferencesChanged, this, [this] {
        applyPreferences();
        updateStatus();
    });
    goTo({PageId::Home, {}, {}, {}});
    updateStatus();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeFrame()
{
    m_rail = new NavigationRail;
    m_stack = new PageStack;
    m_status = new StatusBar;
    auto* columns = new QHBoxLayout(this);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(0);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_stack, 1);
    right->addWidget(m_status);
    columns->addWidget(m_rail);
    columns->addLayout(right, 1);
    m_toasts = new ToastArea(this);
    m_palette = new CommandPalette(this);
    m_leaving = new Leaving(m_workspace, this);
    connect(m_rail, &NavigationRail::chosen, this, [this](PageId id) {
        // Choosing the page one is on leads back to its beginning.
        if (id == PageId::Runs && currentPage() == id) static_cast<RunsPage*>(page(id))->showList();
        goTo({id, {}, {}, {}});
    });
    connect(m_status, &StatusBar::commandsWanted, m_palette, &CommandPalette::open);
    connect(m_status, &StatusBar::jobClicked, this, [this] {
        if (m_workspace.runs() == nullptr) return;
        if (const auto run = m_workspace.runs()->active()) goTo({PageId::Runs, {}, run->id(), {}});
    });
    connect(m_leaving, &Leaving::quitWanted, this, &QWidget::close);
}

void MainWindow::addPage(Page* page)
{
    m_pages.insert(page->id(), page);
    m_stack->addWidget(page);
    connect(page, &Page::wentTo, this, &MainWindow::goTo);
    connect(page, &Page::toastWanted, this,
            [this](const QString& text, const QString& action, const std::function<void()>& run) {
                m_toasts->show(text, ToastArea::Kind::Done, action, run);
            });
    connect(page, &Page::failed, this, &MainWindow::showFailure);
}

Page* MainWindow::page(PageId id) const
{
    return m_pages.value(id);
}

PageId MainWindow::currentPage() const
{
    return static_cast<Page*>(m_stack->currentWidget())->id();
}

void MainWindow::goTo(const Destination& destination)
{
    Page* page = m_pages.value(destination.page);
    m_stack->setCurrentWidget(page);
    m_rail->setCurrent(destination.page);
    page->arrive(destination);
    if (focusWidget() == nullptr || !page->isAncestorOf(focusWidget())) page->setFocus(Qt::OtherFocusReason);
}

void MainWindow::makeCommands()
{
    const auto go = [this](Destination destination) { return [this, destination] { goTo(destination); }; };
    QList<PaletteCommand> commands{
        {tr("Go to Home"), QStringLiteral("Ctrl+1"), go({PageId::Home, {}, {}, {}})},
        {tr("Go to Data"), QStringLiteral("Ctrl+2"), go({PageId::Data, {}, {}, {}})},
        {tr("Annotate pairs"), {}, go({PageId::Data, QStringLiteral("annotate"), {}, {}})},
        {tr("Go to Model"), QStringLiteral("Ctrl+3"), go({PageId::Model, {}, {}, {}})},
        {tr("Set up training"), QStringLiteral("Ctrl+4"), go({PageId::Train, QStringLiteral("setup"), {}, {}})},
        {tr("New training, step by step"), QStringLiteral("Ctrl+N"),
         go({PageId::Train, QStringLiteral("wizard"), {}, {}})},
        {tr("Go to Runs"), QStringLiteral("Ctrl+5"), go({PageId::Runs, {}, {}, {}})},
        {tr("Compare runs"), QStringLiteral("Ctrl+6"), go({PageId::Compare, {}, {}, {}})},
        {tr("Settings"), QStringLiteral("Ctrl+,"), go({PageId::Settings, {}, {}, {}})},
        {tr("Run the demo experiment"), {}, [this] { runDemo(); }},
        {tr("Open pairs…"), QStringLiteral("Ctrl+O"), [this] { m_home->openPairs(); }},
        {tr("Open a model…"), QStringLiteral("Ctrl+M"), [this] { m_home->openModel(); }},
        {tr("Full screen"), QStringLiteral("F11"), [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); }},
        {tr("Quit"), QStringLiteral("Ctrl+Q"), [this] { close(); }},
    };
    m_palette->setCommands(commands);
    // Pages print and answer their own keys; the rail has Ctrl+1 to 6 and the comma.
    for (const char* key : {"Ctrl+N", "Ctrl+O", "Ctrl+M", "F11", "Ctrl+Q"}) {
        const QString name = QLatin1String(key);
        for (const PaletteCommand& command : commands) {
            if (command.key != name) continue;
            connect(new QShortcut(QKeySequence(name), this), &QShortcut::activated, this, command.run);
        }
    }
}

void MainWindow::followWorkspace()
{
    connect(&m_workspace, &Workspace::failed, this, &MainWindow::showFailure);
    connect(&m_workspace, &Workspace::datasetChanged, this, [this] {
        updateStatus();
        DatasetSession* session = m_workspace.dataset();
        if (session == nullptr) return;
        connect(session, &DatasetSession::opened, this, &MainWindow::updateStatus);
        connect(session, &DatasetSession::undoChanged, this, &MainWindow::updateStatus);
        connect(session, &DatasetSession::changeFailed, this, &MainWindow::showFailure);
        connect(session, &DatasetSession::failed, this, [this, session](const Error& error) {
            // The page itself says why a dataset could not be opened.
            if (session->phase() == DatasetSession::Phase::Open) showFailure(error);
        });
    });
    connect(&m_workspace, &Workspace::projectChanged, this, [this] {
        updateStatus();
        RunCenter* runs = m_workspace.runs();
        if (runs == nullptr) return;
        connect(runs, &RunCenter::activeChanged, this, &MainWindow::updateJob);
        connect(runs, &RunCenter::activeMoved, this, &MainWindow::updateJob);
        connect(runs, &RunCenter::listChanged, this, &MainWindow::updateStatus);
        connect(runs, &RunCenter::failed, this, &MainWindow::showFailure);
        connect(runs, &RunCenter::ended, this, [this, runs](const QString& run) {
            updateStatus();
            if (const auto ended = runs->controller(run)) {
                m_toasts->show(tr("%1: %2").arg(ended->name(), ended->stateText()), ToastArea::Kind::Done, tr("Show"),
                               [this, run] {
                                   goTo({PageId::Runs, {}, run, {}});
                               });
            }
        });
    });
}

void MainWindow::updateStatus()
{
    m_status->setProject(m_workspace.projectName());
    const int threads = m_workspace.settings().preferences().threads;
    m_status->setDevice(tr("CPU · %n thread(s)", nullptr, threads > 0 ? threads : QThread::idealThreadCount()));
    const DatasetSession* session = m_workspace.dataset();
    const bool isOpen = session != nullptr && session->phase() == DatasetSession::Phase::Open;
    const std::int64_t changes = isOpen ? session->journalPosition() : 0;
    m_status->setSaved(!isOpen       ? QString()
                       : changes > 0 ? tr("Saved · journal %1").arg(QLocale().toString(changes))
                                     : tr("Saved"));
    updateJob();
}

void MainWindow::updateJob()
{
    const RunCenter* runs = m_workspace.runs();
    const auto active = runs != nullptr ? runs->active() : nullptr;
    m_rail->setRunning(active != nullptr);
    if (active == nullptr) {
        m_status->setJob({});
        return;
    }
    const QString left = active->secondsLeft() >= 0 ? tr(" · %1 left").arg(spanText(active->secondsLeft())) : QString();
    m_status->setJob(
        tr("%1 · step %2 of %3%4").arg(active->name()).arg(active->step()).arg(active->totalSteps()).arg(left));
}

void MainWindow::showFailure(const Error& error)
{
    if (error.code == ErrorCode::Cancelled) return;
    m_toasts->show(errorText(error), ToastArea::Kind::Failure);
}

void MainWindow::applyPreferences()
{
    const Preferences& preferences = m_workspace.settings().preferences();
    const ThemeChoice choice = preferences.theme == Preferences::Theme::Light  ? ThemeChoice::Light
                               : preferences.theme == Preferences::Theme::Dark ? ThemeChoice::Dark
                                                                               : ThemeChoice::System;
    Button::showKeys(preferences.areKeysShown);
    const ThemeKind kind = resolvedKind(choice);
    const bool isSame = currentTheme().kind == kind && currentTheme().scale == preferences.textScale;
    if (!isSame || qApp->styleSheet().isEmpty()) applyTheme(*qApp, makeTheme(kind, preferences.textScale));
}

void MainWindow::runDemo()
{
    m_demo->start();
}

void MainWindow::restoreLayout()
{
    resize(1280, 800);
    restoreGeometry(m_workspace.settings().layout(QStringLiteral("window")));
}

void MainWindow::follow(const WindowOptions& options)
{
    if (options.areComponentsShown) {
        auto* components = new ComponentsPage;
        m_stack->addWidget(components);
        m_stack->setCurrentWidget(components);
        m_rail->setCurrent(PageId::Settings);
    }
    if (options.isDemoWanted) runDemo();
    if (options.paths.empty()) return;
    m_workspace.openAny(options.paths, [this, isDemo = options.isDemoWanted](const QString& kind) {
        if (!isDemo) goTo({kind == QLatin1String("model") ? PageId::Model : PageId::Data, {}, {}, {}});
    });
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_leaving->mayQuit()) return event->ignore();
    m_workspace.settings().setLayout(QStringLiteral("window"), saveGeometry());
    QWidget::closeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_toasts->place();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.front().isLocalFile()) return;
    event->acceptProposedAction();
    m_home->showDrag(urls.front().toLocalFile().toStdString());
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*)
{
    m_home->endDrag();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    m_home->endDrag();
    WindowOptions options;
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl& url : urls)
        if (url.isLocalFile()) options.paths.push_back(url.toLocalFile().toStdString());
    follow(options);
}

}  // namespace preflab
