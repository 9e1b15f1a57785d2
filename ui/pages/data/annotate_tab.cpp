// SPDX-License-Identifier: GPL-3.0-or-later
// The page of votes.
#include "ui/pages/data/annotate_tab.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/workspace.h"
#include "ui/pages/data/answer_card.h"
#include "ui/pages/data/labeller_panel.h"
#include "ui/pages/data/vote_details.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/side_panel.h"
#include "ui/widgets/state_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>

namespace preflab {
namespace {

constexpr int kAdvanceDelay = 350;

using Shown = AnnotationQueue::Shown;

}  // namespace

AnnotateTab::AnnotateTab(Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace)
{
    m_advance.setSingleShot(true);
    m_advance.setInterval(kAdvanceDelay);
    connect(&m_advance, &QTimer::timeout, &m_queue, &AnnotationQueue::next);
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    const Theme& theme = currentTheme();
    column->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    column->setSpacing(theme.px(10));
    column->addWidget(makePair(), 1);
    column->addWidget(makeVotes());
    m_state = new StateView(left);
    auto* body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_state, 1);
    m_panel = new LabellerPanel(workspace, m_queue);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addLayout(body, 1);
    new SidePanel(*this, *body, *m_state, *m_panel, *m_panelButton);
    connect(&m_queue, &AnnotationQueue::changed, this, &AnnotateTab::showQueue);
    // Whoever moves by hand does not want to be moved once more.
    connect(&m_queue, &AnnotationQueue::moved, &m_advance, &QTimer::stop);
}

QWidget* AnnotateTab::makeBar()
{
    const Theme& theme = currentTheme();
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("toolbar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.px(16), theme.px(7), theme.px(16), theme.px(7));
    row->setSpacing(theme.px(10));
    m_kind = new ComboBox;
    m_kind->setObjectName(QStringLiteral("queueKind"));
    m_kind->setProperty("dense", true);
    m_kind->addItem(tr("Pairs without a label"), static_cast<int>(QueueKind::Unlabelled));
    m_kind->addItem(tr("All pairs"), static_cast<int>(QueueKind::All));
    m_kind->addItem(tr("Pairs of the filter"), static_cast<int>(QueueKind::Filtered));
    m_kind->addItem(tr("Pairs flagged for later"), static_cast<int>(QueueKind::Flagged));
    m_kind->setAccessibleName(tr("Queue"));
    m_blind = new Switch(tr("Hide the sides"));
    m_blind->setObjectName(QStringLiteral("blindSwitch"));
    m_blind->setChecked(true);
    m_blind->setToolTip(tr("Draws for every pair which answer is A; neither which is chosen nor lengths are shown"));
    m_progress = new ThinProgress;
    m_count = makeLabel({}, "small");
    QLabel* label = makeLabel(tr("Queue"), "small");
    label->setBuddy(m_kind);
    row->addWidget(label);
    row->addWidget(m_kind);
    row->addWidget(m_blind);
    row->addWidget(m_progress, 1);
    row->addWidget(m_count);
    m_apply = new Button(tr("Apply votes"), QStringLiteral("check"));
    m_apply->setObjectName(QStringLiteral("applyVotes"));
    m_apply->setDense();
    row->addWidget(m_apply);
    connect(m_apply, &Button::clicked, this, [this] {
        m_advance.stop();
        Q_EMIT applyWanted();
    });
    m_panelButton = new Button(tr("Guidelines"), QStringLiteral("info"), Button::Kind::Bare);
    m_panelButton->setDense();
    m_panelButton->setToolTip(tr("Guidelines, your last decisions and your own check"));
    row->addWidget(m_panelButton);
    connect(m_kind, &ComboBox::activated, this, &AnnotateTab::startQueue);
    connect(m_blind, &Switch::toggled, this, [this](bool isOn) {
        m_shownRow.reset();
        m_queue.setBlind(isOn);
    });
    return bar;
}

QWidget* AnnotateTab::makePair()
{
    auto* pair = new QWidget;
    auto* column = new QVBoxLayout(pair);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(currentTheme().px(12));
    m_turns = new TurnsView;
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(m_turns);
    m_turns->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    auto* prompt = new Card;
    prompt->body().addWidget(area);
    column->addWidget(prompt, 2);
    auto* sides = new QHBoxLayout;
    sides->setSpacing(currentTheme().px(12));
    m_first = new AnswerCard(tr("A"));
    m_second = new AnswerCard(tr("B"));
    m_first->text().setObjectName(QStringLiteral("answerA"));
    m_second->text().setObjectName(QStringLiteral("answerB"));
    for (AnswerCard* card : {m_first, m_second}) sides->addWidget(card, 1);
    column->addLayout(sides, 5);
    m_pairState = new StateView(pair);
    return m_pairState;
}

QWidget* AnnotateTab::makeVotes()
{
    auto* votes = new QWidget;
    auto* column = new QVBoxLayout(votes);
    column->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    row->setSpacing(currentTheme().px(8));
    const std::tuple<QString, const char*, const char*, Shown> choices[] = {
        {tr("A is better"), "1", "voteA", Shown::FirstBetter},
        {tr("B is better"), "2", "voteB", Shown::SecondBetter},
        {tr("Tie"), "0", "voteTie", Shown::Tie},
        {tr("Both bad"), "9", "voteBothBad", Shown::BothBad},
        {tr("Skip"), "Space", "voteSkip", Shown::Skipped}};
    for (const auto& [text, key, name, shown] : choices) {
        auto* button = new Button(text);
        button->setObjectName(QLatin1String(name));
        button->setKey(QLatin1String(key));
        button->setMinimumHeight(currentTheme().px(44));
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(button, &Button::clicked, this, [this, what = shown] { vote(what); });
        row->addWidget(button, 1);
        m_votes.push_back(button);
    }
    column->addLayout(row);
    m_details = new VoteDetailsRow;
    column->addWidget(m_details);
    column->addLayout(makeNoteRow());
    connect(m_details, &VoteDetailsRow::changed, this, [this](const VoteDetails& details) {
        m_advance.stop();  // whoever says more is not done with this pair
        m_queue.describe(details);
    });
    return votes;
}

QLayout* AnnotateTab::makeNoteRow()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(currentTheme().px(8));
    m_note = new QLineEdit;
    m_note->setObjectName(QStringLiteral("labelNote"));
    m_note->setPlaceholderText(tr("Add a note"));
    m_note->setAccessibleName(tr("Note"));
    auto* toNote = new Button(tr("Note"), QStringLiteral("edit"), Button::Kind::Bare);
    toNote->setKey(QStringLiteral("N"));
    m_flag = new Button(tr("Flag"), QStringLiteral("flag"));
    m_flag->setObjectName(QStringLiteral("flagPair"));
    m_flag->setCheckable(true);
    m_flag->setKey(QStringLiteral("F"));
    m_flag->setToolTip(tr("Keeps the pair for later: it gets the tag “%1”, and a queue of its own has all of them")
                           .arg(QLatin1String(kLaterTag)));
    auto* previous = new Button(tr("Previous"), QStringLiteral("left"), Button::Kind::Bare);
    previous->setKey(QStringLiteral("Left"));
    auto* next = new Button(tr("Next"), QStringLiteral("right"), Button::Kind::Bare);
    next->setObjectName(QStringLiteral("nextPair"));
    next->setKey(QStringLiteral("Right"));
    row->addWidget(toNote);
    row->addWidget(m_note, 1);
    for (Button* button : {m_flag, previous, next}) row->addWidget(button);
    connect(toNote, &Button::clicked, this, [this] {
        m_advance.stop();
        m_note->setFocus(Qt::ShortcutFocusReason);
    });
    connect(m_note, &QLineEdit::editingFinished, this, &AnnotateTab::keepNote);
    connect(m_note, &QLineEdit::returnPressed, this, [this] { setFocus(); });
    connect(m_flag, &Button::clicked, this, &AnnotateTab::flag);
    connect(previous, &Button::clicked, &m_queue, &AnnotationQueue::previous);
    connect(next, &Button::clicked, &m_queue, &AnnotationQueue::next);
    return row;
}

void AnnotateTab::keepNote()
{
    // The field may be left because another pair comes: its text is still about the one before.
    if (!m_session || !m_noteRow || !m_note->isModified()) return;
    m_note->setModified(false);
    m_session->setNote(*m_noteRow, m_note->text());
}

void AnnotateTab::flag()
{
    m_advance.stop();
    if (!m_session || !m_queue.row()) return;
    const QString tag = QLatin1String(kLaterTag);
    if (m_flag->isChecked())
        m_session->addTag({*m_queue.row()}, tag);
    else
        m_session->removeTag({*m_queue.row()}, tag);
}

void AnnotateTab::setSession(DatasetSession* session)
{
    keepNote();
    m_noteRow.reset();
    if (m_session) m_session->disconnect(this);
    m_session = session;
    m_isStarted = false;
    m_shownRow.reset();
    ++m_generation;
    m_isRead = false;
    m_queue.start(nullptr, QueueKind::All);
    m_panel->setSession(session);
    if (session == nullptr) return;
    connect(session, &DatasetSession::opened, this, [this] {
        if (!m_isStarted && isVisible()) startQueue();
    });
    connect(session, &DatasetSession::failed, this, &AnnotateTab::showQueue);
    connect(session, &DatasetSession::rowChanged, this, &AnnotateTab::followRow);
    connect(session, &DatasetSession::undoChanged, this, &AnnotateTab::showApply);
    if (isVisible()) startQueue();
}

void AnnotateTab::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!m_isStarted) startQueue();
    setFocus();
}

void AnnotateTab::startQueue()
{
    if (!m_session || m_session->phase() != DatasetSession::Phase::Open) {
        showQueue();
        return;
    }
    m_isStarted = true;
    m_shownRow.reset();
    m_queue.start(m_session, static_cast<QueueKind>(m_kind->currentData().toInt()));
}

void AnnotateTab::vote(Shown shown)
{
    m_advance.stop();
    if (!m_isRead) return;
    m_queue.vote(shown, m_details->details());
    if (m_workspace.settings().preferences().isAutoAdvancing) m_advance.start();
}

void AnnotateTab::showQueue()
{
    showApply();
    const QLocale locale;
    const auto size = static_cast<qulonglong>(m_queue.size());
    const auto position = static_cast<qulonglong>(m_queue.position());
    m_count->setText(size > 0 ? tr("%1 of %2").arg(locale.toString(qMin(position + 1, size)), locale.toString(size))
                              : QString());
    m_progress->setShare(size > 0 ? static_cast<double>(position) / static_cast<double>(size) : 0.0);
    if (m_queue.row() && m_session) {
        m_state->showContent();
        showPair();
        showChoice();
    } else {
        showNoPair();
    }
}

void AnnotateTab::showNoPair()
{
    if (!m_session) {
        m_state->showEmpty(QStringLiteral("annotate"), tr("No pairs are open"),
                           tr("Open a file of pairs on the Pairs tab first."));
    } else if (m_session->phase() == DatasetSession::Phase::Failed) {
        m_state->showError(tr("This file cannot be read"), *m_session->error(),
                           {tr("Try again"), [this] { m_workspace.openDataset(m_session->path()); }});
    } else if (m_queue.isBuilding() || m_session->phase() == DatasetSession::Phase::Opening) {
        m_state->showLoading(tr("Collecting pairs"));
    } else if (m_queue.error()) {
        m_state->showError(tr("These pairs cannot be collected"), *m_queue.error(),
                           {tr("Try again"), [this] { startQueue(); }});
    } else if (m_queue.size() == 0) {
        m_state->showEmpty(QStringLiteral("check"), tr("Nothing to vote on"),
                           m_kind->currentData().toInt() == static_cast<int>(QueueKind::Unlabelled)
                               ? tr("Every pair of this queue has a label. Choose another queue above.")
                               : tr("No pair belongs to this queue. Choose another queue above."));
    } else {
        showDone();
    }
}

void AnnotateTab::showDone()
{
    // Votes change nothing by themselves; whoever is through is led to what makes them count.
    const QString said = tr("%n decision(s) in this sitting.", nullptr, static_cast<int>(m_queue.decisions().size()));
    if (m_apply->isEnabled())
        m_state->showEmpty(QStringLiteral("check"), tr("Queue done"),
                           said + QLatin1Char(' ') + tr("They change nothing until they are applied."),
                           {tr("Apply votes"), [this] { Q_EMIT applyWanted(); }});
    else
        m_state->showEmpty(QStringLiteral("check"), tr("Queue done"), said,
                           {tr("Start again"), [this] { startQueue(); }});
}

void AnnotateTab::showApply()
{
    const VoteCounts votes = m_session ? m_session->votes() : VoteCounts();
    m_apply->setEnabled(votes.open() > 0);
    m_apply->setToolTip(votes.open() > 0 ? tr("%Ln vote(s) not applied yet", nullptr, static_cast<int>(votes.open()))
                                         : tr("Every pair in use follows its vote"));
}

}  // namespace preflab
