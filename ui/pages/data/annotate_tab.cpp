// SPDX-License-Identifier: GPL-3.0-or-later
// The page of votes.
#include "ui/pages/data/annotate_tab.h"

#include "ui/models/background.h"
#include "ui/models/app_settings.h"
#include "ui/models/dataset_table_model.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/state_view.h"

#include "core/data/row_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>

namespace preflab {
namespace {

constexpr int kAdvanceDelay = 350;
constexpr std::size_t kShownDecisions = 8;

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
    body->addWidget(makeSidePanel());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addLayout(body, 1);
    connect(&m_queue, &AnnotationQueue::changed, this, &AnnotateTab::showQueue);
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
    connect(m_kind, &ComboBox::activated, this, &AnnotateTab::startQueue);
    connect(m_blind, &Switch::toggled, this, [this](bool isOn) {
        m_shownRow.reset();
        m_queue.setBlind(isOn);
    });
    return bar;
}

QWidget* AnnotateTab::makeSide(const QString& letter, PairText*& text, Badge*& name)
{
    const Theme& theme = currentTheme();
    auto* card = new Card;
    auto* head = new QHBoxLayout;
    QLabel* title = makeLabel(letter, "heading");
    name = new Badge({});
    name->hide();
    head->addWidget(title);
    head->addWidget(name);
    head->addStretch(1);
    card->body().addLayout(head);
    card->body().addWidget(makeLine());
    text = new PairText;
    text->setAccessibleName(tr("Answer %1").arg(letter));
    text->setMinimumHeight(theme.px(80));
    card->body().addWidget(text, 1);
    return card;
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
    sides->addWidget(makeSide(tr("A"), m_first, m_firstName), 1);
    sides->addWidget(makeSide(tr("B"), m_second, m_secondName), 1);
    m_first->setObjectName(QStringLiteral("answerA"));
    m_second->setObjectName(QStringLiteral("answerB"));
    column->addLayout(sides, 5);
    return pair;
}

QWidget* AnnotateTab::makeVotes()
{
    auto* votes = new QWidget;
    auto* column = new QVBoxLayout(votes);
    column->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    row->setSpacing(currentTheme().px(8));
    const std::tuple<QString, const char*, const char*, Shown> choices[] = {
        {tr("A is better"), "1", "voteA", Shown::FirstBetter}, {tr("B is better"), "2", "voteB", Shown::SecondBetter},
        {tr("Tie"), "0", "voteTie", Shown::Tie},               {tr("Both bad"), "9", "voteBothBad", Shown::BothBad},
        {tr("Skip"), "Space", "voteSkip", Shown::Skipped}};
    for (const auto& [text, key, name, shown] : choices) {
        auto* button = new Button(text);
        button->setObjectName(QLatin1String(name));
        button->setKey(QLatin1String(key));
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(button, &Button::clicked, this, [this, what = shown] { vote(what); });
        row->addWidget(button, 1);
        m_votes.push_back(button);
    }
    column->addLayout(row);
    auto* second = new QHBoxLayout;
    m_note = new QLineEdit;
    m_note->setPlaceholderText(tr("Add a note, then Enter"));
    m_note->setAccessibleName(tr("Note"));
    auto* previous = new Button(tr("Previous"), QStringLiteral("left"), Button::Kind::Bare);
    previous->setKey(QStringLiteral("Left"));
    auto* next = new Button(tr("Next"), QStringLiteral("right"), Button::Kind::Bare);
    next->setObjectName(QStringLiteral("nextPair"));
    next->setKey(QStringLiteral("Right"));
    second->addWidget(m_note, 1);
    second->addWidget(previous);
    second->addWidget(next);
    column->addLayout(second);
    connect(m_note, &QLineEdit::returnPressed, this, [this] {
        if (m_session && m_queue.row()) m_session->setNote(*m_queue.row(), m_note->text());
        setFocus();
    });
    connect(previous, &Button::clicked, &m_queue, &AnnotationQueue::previous);
    connect(next, &Button::clicked, &m_queue, &AnnotationQueue::next);
    return votes;
}

QWidget* AnnotateTab::makeSidePanel()
{
    const Theme& theme = currentTheme();
    auto* side = new QFrame;
    side->setProperty("role", QStringLiteral("side"));
    side->setFixedWidth(theme.px(264));
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    column->addWidget(makeLabel(tr("Your last decisions"), "small"));
    m_decisions = new QVBoxLayout;
    column->addLayout(m_decisions);
    column->addStretch(1);
    auto* advance = new Switch(tr("Go on by itself"));
    advance->setChecked(m_workspace.settings().preferences().isAutoAdvancing);
    advance->setToolTip(tr("Shows the next pair shortly after a choice"));
    column->addWidget(advance);
    connect(advance, &Switch::toggled, this, [this](bool isOn) {
        Preferences preferences = m_workspace.settings().preferences();
        preferences.isAutoAdvancing = isOn;
        m_workspace.settings().setPreferences(preferences);
    });
    return side;
}

void AnnotateTab::setSession(DatasetSession* session)
{
    if (m_session) m_session->disconnect(this);
    m_session = session;
    m_isStarted = false;
    m_shownRow.reset();
    m_queue.start(nullptr, QueueKind::All);
    if (session == nullptr) return;
    connect(session, &DatasetSession::viewChanged, this, [this] {
        if (!m_isStarted && isVisible()) startQueue();
    });
    connect(session, &DatasetSession::rowChanged, this, [this](quint32 row) {
        if (m_queue.row() != row) return;
        showChoice();
        m_shownRow.reset();
        showPair();
    });
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
    m_queue.vote(shown);
    if (m_workspace.settings().preferences().isAutoAdvancing) m_advance.start();
}

void AnnotateTab::showQueue()
{
    const QLocale locale;
    const auto size = static_cast<qulonglong>(m_queue.size());
    const auto position = static_cast<qulonglong>(m_queue.position());
    m_count->setText(size > 0 ? tr("%1 of %2").arg(locale.toString(qMin(position + 1, size)), locale.toString(size)) : QString());
    m_progress->setShare(size > 0 ? static_cast<double>(position) / static_cast<double>(size) : 0.0);
    showDecisions();
    if (!m_session) {
        m_state->showEmpty(QStringLiteral("annotate"), tr("No pairs are open"), tr("Open a file of pairs on the Pairs tab first."));
    } else if (m_queue.isBuilding() || m_session->phase() == DatasetSession::Phase::Opening) {
        m_state->showLoading(tr("Collecting pairs"));
    } else if (m_queue.size() == 0) {
        m_state->showEmpty(QStringLiteral("check"), tr("Nothing to vote on"), tr("Every pair of this queue has a label. Choose another queue above."));
    } else if (m_queue.isDone()) {
        m_state->showEmpty(QStringLiteral("check"), tr("Queue done"),
                           tr("%n decision(s) in this sitting.", nullptr, static_cast<int>(m_queue.decisions().size())),
                           {tr("Start again"), [this] { startQueue(); }});
    } else {
        m_state->showContent();
        showPair();
        showChoice();
    }
}

void AnnotateTab::showPair()
{
    const auto row = m_queue.row();
    if (!row || row == m_shownRow || !m_session) return;
    m_shownRow = row;
    const quint64 generation = ++m_generation;
    m_note->setText(QString::fromStdString(m_session->stateOf(*row).note));
    whenDone(m_session->pair(*row), this, [this, generation](const Result<PairDetails>& pair) {
        if (generation != m_generation || !pair) return;
        const bool isSwapped = m_queue.isSwapped();
        m_turns->setTurns(turnsOf(pair->shown.prompt, "user"));
        m_first->setText(isSwapped ? pair->rejectedText : pair->chosenText);
        m_second->setText(isSwapped ? pair->chosenText : pair->rejectedText);
        for (const auto& [badge, isChosen] : {std::pair(m_firstName, true), std::pair(m_secondName, false)}) {
            badge->setVisible(!m_queue.isBlind());
            badge->setText(isChosen ? tr("chosen") : tr("rejected"));
            badge->setTone(isChosen ? QStringLiteral("chosen") : QStringLiteral("rejected"));
        }
    });
}

void AnnotateTab::showChoice()
{
    const auto row = m_queue.row();
    const std::optional<VoteRecord> vote = row && m_session ? m_session->stateOf(*row).vote : std::nullopt;
    const bool isSwapped = m_queue.isSwapped();
    const Vote first = isSwapped ? Vote::RejectedBetter : Vote::ChosenBetter;
    const Vote second = isSwapped ? Vote::ChosenBetter : Vote::RejectedBetter;
    const Vote meaning[] = {first, second, Vote::Tie, Vote::BothBad, Vote::Skipped};
    for (qsizetype i = 0; i < m_votes.size(); ++i)
        m_votes[i]->setKind(vote && vote->vote == meaning[i] ? Button::Kind::Primary : Button::Kind::Outlined);
}

void AnnotateTab::showDecisions()
{
    clearLayout(*m_decisions);
    const auto& decisions = m_queue.decisions();
    for (std::size_t i = 0; i < std::min(kShownDecisions, decisions.size()); ++i) {
        const Decision& decision = decisions[i];
        const bool isFirst = (decision.vote.vote == Vote::ChosenBetter) != decision.vote.wasSwapped;
        const bool isSided = decision.vote.vote == Vote::ChosenBetter || decision.vote.vote == Vote::RejectedBetter;
        auto* line = new QHBoxLayout;
        line->addWidget(new Badge(isSided ? (isFirst ? tr("A") : tr("B")) : DatasetTableModel::voteText(decision.vote.vote)));
        const auto number = m_session ? m_session->inputs().source->sourceNumber(decision.row) : 0;
        line->addWidget(makeLabel(tr("Pair %1").arg(QLocale().toString(static_cast<qulonglong>(number))), "small"), 1);
        auto* change = new Button(tr("change"), Button::Kind::Bare);
        change->setDense();
        change->setAccessibleName(tr("Change the decision on pair %1").arg(number));
        connect(change, &Button::clicked, this, [this, row = decision.row] { m_queue.goTo(row); });
        line->addWidget(change);
        m_decisions->addLayout(line);
    }
}

}  // namespace preflab
