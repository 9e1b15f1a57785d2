// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around a run's curves.
#include "ui/pages/runs/run_view.h"

#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/pages/runs/answers_view.h"
#include "ui/pages/runs/finding_row.h"
#include "ui/pages/runs/findings_panel.h"
#include "ui/pages/runs/live_curves.h"
#include "ui/pages/runs/run_strip.h"
#include "ui/pages/runs/run_tables.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <cmath>

namespace preflab {
namespace {

const QStringList kTabs{QStringLiteral("curves"), QStringLiteral("answers"), QStringLiteral("settings"),
                        QStringLiteral("log")};

QString toneOf(RunState state)
{
    switch (state) {
    case RunState::Finished:
        return QStringLiteral("ok");
    case RunState::Failed:
    case RunState::Unreadable:
        return QStringLiteral("danger");
    case RunState::Interrupted:
    case RunState::Stopping:
        return QStringLiteral("warning");
    case RunState::Running:
        return QStringLiteral("accent");
    default:
        return QStringLiteral("neutral");
    }
}

TableView* makeTable(QAbstractItemModel* model, const QString& name, int wide)
{
    auto* view = new TableView;
    model->setParent(view);
    view->setModel(model);
    view->setAccessibleName(name);
    for (int column = 0; column < model->columnCount(); ++column)
        view->horizontalHeader()->setSectionResizeMode(column, column == wide ? QHeaderView::Stretch
                                                                              : QHeaderView::ResizeToContents);
    return view;
}

}  // namespace

RunView::RunView(RunCenter& center, std::shared_ptr<RunController> run, QWidget* parent)
    : QFrame(parent), m_center(center), m_run(std::move(run)), m_header(new PageHeader(QString())),
      m_note(new Note(QStringLiteral("danger"))), m_tabs(new QStackedWidget)
{
    const Theme& theme = currentTheme();
    makeHeader();
    const ComponentDescription* known = m_center.method(m_run->record().method);
    const ComponentDescription method = known != nullptr ? *known : ComponentDescription();
    auto* strip = new RunStrip(m_run);
    makeTabs(method);
    auto* note = new QWidget;
    auto* noteRow = new QVBoxLayout(note);
    noteRow->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    noteRow->addWidget(m_note);
    auto* content = new QWidget;
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addWidget(strip);
    inner->addWidget(note);
    inner->addWidget(m_tabs, 1);
    m_state = new StateView(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_state, 1);
    connect(m_run.get(), &RunController::stateChanged, this, &RunView::updateState);
    connect(m_run.get(), &RunController::progressChanged, this, [this] {
        m_badge->setText(m_run->stateText());  // preparing becomes training
        updateNote();
    });
    connect(m_run.get(), &RunController::recordChanged, this, [this] { m_name->setText(m_run->name()); });
    updateState();
}

RunView::~RunView() = default;

void RunView::makeHeader()
{
    m_header->setContext(makeContext());
    for (const auto& [id, text] : {std::pair(kTabs[0], tr("Curves")), std::pair(kTabs[1], tr("Answers")),
                                   std::pair(kTabs[2], tr("Settings")), std::pair(kTabs[3], tr("Log"))})
        m_header->addTab(id, text);
    connect(m_header, &PageHeader::tabChanged, this,
            [this](const QString& id) { m_tabs->setCurrentIndex(static_cast<int>(kTabs.indexOf(id))); });
    makeActions();
}

QWidget* RunView::makeContext()
{
    auto* context = new QWidget;
    auto* row = new QHBoxLayout(context);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(currentTheme().px(8));
    auto* back = new Button(tr("Runs"), Button::Kind::Bare);
    back->setDense();
    back->setToolTip(tr("All runs (Alt+Left)"));
    back->setShortcut(QKeySequence(QStringLiteral("Alt+Left")));
    connect(back, &Button::clicked, this, &RunView::backWanted);
    m_name = makeLabel(m_run->name(), "heading");
    m_badge = new Badge(QString());
    row->addWidget(back);
    row->addWidget(new IconLabel(QStringLiteral("right"), QStringLiteral("text.muted"), 16));
    row->addWidget(m_name);
    row->addWidget(m_badge);
    return context;
}

void RunView::makeActions()
{
    m_pause = new Button(tr("Pause"), QStringLiteral("pause"));
    m_pause->setKey(QStringLiteral("P"));
    m_save = new Button(tr("Save now"), QStringLiteral("save"));
    m_stop = new Button(tr("Stop and save"), QStringLiteral("stop"));
    m_again = new Button(tr("Set up another"), QStringLiteral("train"));
    m_compare = new Button(tr("Compare"), QStringLiteral("compare"));
    for (Button* button : {m_pause, m_save, m_stop, m_again, m_compare}) {
        button->setDense();
        m_header->addAction(button);
    }
    connect(m_pause, &Button::clicked, this, [this] {
        if (m_run->state() == RunState::Paused)
            m_run->resume();
        else
            m_run->pause();
    });
    connect(m_save, &Button::clicked, this, [this] {
        m_run->saveNow();
        Q_EMIT toastWanted(tr("A checkpoint is saved after this step."), {}, {});
    });
    connect(m_stop, &Button::clicked, this, [this] { m_run->stopAndSave(); });
    connect(m_again, &Button::clicked, this, [this] {
        Q_EMIT wentTo(Destination{PageId::Train, QStringLiteral("setup"), m_run->id(), {}});
    });
    connect(m_compare, &Button::clicked, this, [this] {
        Q_EMIT wentTo(Destination{PageId::Compare, {}, m_run->id(), {}});
    });
}

void RunView::makeTabs(const ComponentDescription& method)
{
    m_curves = new LiveCurves(m_run, method);
    connect(m_curves, &LiveCurves::answersWanted, this, [this] { showTab(kTabs[1]); });
    connect(m_curves, &LiveCurves::failed, this, &RunView::failed);
    connect(&m_curves->findings(), &FindingsPanel::findingsChanged, this, &RunView::updateNote);
    connect(m_curves, &LiveCurves::saved, this,
            [this](const QString& path) { Q_EMIT toastWanted(tr("Saved %1.").arg(path), {}, {}); });
    m_tabs->addWidget(m_curves);
    m_tabs->addWidget(new AnswersView(m_run));
    m_tabs->addWidget(makeTable(new RunSettingsModel(*m_run, method), tr("Settings of the run"), 1));
    m_tabs->addWidget(makeTable(new RunLogModel(m_run), tr("Log of the run"), 3));
}

void RunView::showTab(const QString& id)
{
    if (kTabs.contains(id)) m_header->setCurrentTab(id);
}

QString RunView::currentTab() const
{
    return m_header->currentTab();
}

void RunView::updateState()
{
    const RunState state = m_run->state();
    const bool isActive = m_run->isActive(), isPaused = state == RunState::Paused;
    m_badge->setText(m_run->stateText());
    m_badge->setTone(toneOf(state));
    m_pause->setText(isPaused ? tr("Resume") : tr("Pause"));
    m_pause->setIconName(isPaused ? QStringLiteral("play") : QStringLiteral("pause"));
    for (Button* button : {m_pause, m_save, m_stop}) {
        button->setVisible(isActive);
        button->setEnabled(state != RunState::Stopping);
    }
    m_save->setEnabled(state == RunState::Running || isPaused);
    m_pause->setEnabled(state == RunState::Running || isPaused);
    m_again->setVisible(!isActive);
    m_compare->setVisible(state == RunState::Finished || state == RunState::Cancelled);
    if (state == RunState::Loading)
        m_state->showLoading(tr("Reading the run"));
    else if (state == RunState::Unreadable)
        m_state->showError(tr("The run cannot be read"), *m_run->trouble(),
                           {tr("Back to all runs"), [this] { Q_EMIT backWanted(); }});
    else
        m_state->showContent();
    updateNote();
}

void RunView::updateNote()
{
    const auto say = [this](const QString& tone, const QString& text) {
        m_note->setTone(tone);
        m_note->setText(text);
        m_note->parentWidget()->show();
    };
    if (const auto& failure = m_run->failure()) {
        say(QStringLiteral("danger"), tr("Stopped after step %1. %2").arg(failure->step).arg(failure->sentence));
    } else if (const QString hindrance = m_run->hindrance(); !hindrance.isEmpty()) {
        say(QStringLiteral("warning"), hindrance);
    } else if (const auto& trouble = m_run->trouble()) {
        say(QStringLiteral("warning"),
            tr("What the run measures cannot be saved at the moment; it is kept and tried again. %1")
                .arg(errorText(*trouble)));
    } else if (m_run->state() == RunState::Interrupted) {
        say(QStringLiteral("warning"), interruptedText());
    } else if (const QString alarm = alarmText(); !alarm.isEmpty()) {
        say(QStringLiteral("warning"), alarm);
    } else if (const QString outcome = outcomeText(); !outcome.isEmpty()) {
        say(QStringLiteral("ok"), outcome);
    } else {
        m_note->parentWidget()->hide();
    }
}

QString RunView::interruptedText() const
{
    const QString what = tr("PrefLab was closed or killed during this run, after step %1.").arg(m_run->step());
    const auto& checkpoints = m_run->checkpoints();
    return what + QLatin1Char(' ') +
           (checkpoints.empty() ? tr("It had saved no checkpoint: nothing of it is left to go on from.")
                                : tr("Its last checkpoint is from step %1.").arg(checkpoints.back().step));
}

QString RunView::alarmText() const
{
    const auto& findings = m_curves->findings().findings();
    if (m_run->state() != RunState::Finished || findings.empty() || !findings.front().isAlarm()) return {};
    QStringList alarms;
    for (const RunFinding& finding : findings)
        if (finding.isAlarm()) alarms.push_back(FindingRow::title(finding.kind));
    return tr("Finished at step %1, but: %2. See Findings at the right for what helps.")
        .arg(QString::number(m_run->step()), alarms.join(QStringLiteral("; ")));
}

QString RunView::outcomeText() const
{
    if (m_run->state() != RunState::Finished) return {};
    const MetricSeries* accuracy = m_run->metrics().find("heldout/accuracy_sum");
    if (accuracy == nullptr || accuracy->size() < 2) return tr("Finished at step %1.").arg(m_run->step());
    return tr("Finished at step %1. Held-out accuracy of whole answers %2, from %3.")
        .arg(QString::number(m_run->step()), percentText(accuracy->last()), percentText(accuracy->value(0)));
}

void RunView::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    if (!m_watch) m_watch = std::make_unique<RunWatch>(m_run);
}

void RunView::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    m_watch.reset();
}

}  // namespace preflab
