// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions, self-check, guidelines.
#include "ui/pages/data/labeller_panel.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/workspace.h"
#include "ui/models/data/dataset_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace preflab {
namespace {

constexpr std::size_t kShownDecisions = 6;

QString shareText(int part, int whole)
{
    return whole > 0 ? LabellerPanel::tr("%1 %").arg(QLocale().toString(qRound(100.0 * part / whole)))
                     : QStringLiteral("–");
}

/// A part of the panel, with the design's margins.
QVBoxLayout* makePart(QWidget& part, const QString& title)
{
    const Theme& theme = currentTheme();
    auto* column = new QVBoxLayout(&part);
    column->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    column->setSpacing(theme.px(6));
    column->addWidget(makeLabel(title, "caption"));
    return column;
}

}  // namespace

LabellerPanel::LabellerPanel(Workspace& workspace, AnnotationQueue& queue, QWidget* parent)
    : QFrame(parent), m_workspace(workspace), m_queue(queue)
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("side"));
    setFixedWidth(theme.px(264));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeDecisions());
    layout->addWidget(makeLine());
    layout->addWidget(makeCheck());
    layout->addWidget(makeLine());
    layout->addWidget(makeGuidelines(), 1);
    layout->addWidget(makeLine());
    auto* advance = new Switch(tr("Go on by itself after a choice"));
    advance->setChecked(workspace.settings().preferences().isAutoAdvancing);
    advance->setToolTip(tr("Shows the next pair shortly after a choice"));
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(theme.px(14), theme.px(6), theme.px(14), theme.px(6));
    foot->addWidget(advance);
    foot->addStretch(1);
    layout->addLayout(foot);
    connect(advance, &Switch::toggled, this, [this](bool isOn) {
        Preferences preferences = m_workspace.settings().preferences();
        preferences.isAutoAdvancing = isOn;
        m_workspace.settings().setPreferences(preferences);
    });
    connect(&workspace.settings(), &AppSettings::preferencesChanged, advance,
            [this, advance] { advance->setChecked(m_workspace.settings().preferences().isAutoAdvancing); });
    connect(&queue, &AnnotationQueue::changed, this, [this] {
        showDecisions();
        showCheck();
    });
    connect(&workspace, &Workspace::projectClosing, this, &LabellerPanel::keepGuidelines);
    connect(&workspace, &Workspace::projectChanged, this, &LabellerPanel::showGuidelines);
    showGuidelines();
    showCheck();
}

QWidget* LabellerPanel::makeDecisions()
{
    auto* part = new QWidget;
    QVBoxLayout* column = makePart(*part, tr("Your last decisions"));
    m_decisions = new QVBoxLayout;
    m_decisions->setSpacing(currentTheme().px(2));
    column->addLayout(m_decisions);
    return part;
}

QWidget* LabellerPanel::makeCheck()
{
    auto* part = new QWidget;
    QVBoxLayout* column = makePart(*part, tr("Your own check"));
    auto* repeat = new Switch(tr("Ask some pairs twice"));
    repeat->setObjectName(QStringLiteral("repeatSwitch"));
    repeat->setToolTip(
        tr("While sides are hidden, about every ninth pair is one that you have seen, with its sides exchanged. "
           "The first answer stays."));
    connect(repeat, &Switch::toggled, this, [this](bool isOn) { m_queue.setRepeating(isOn); });
    column->addWidget(repeat);
    auto* facts = new QGridLayout;
    facts->setVerticalSpacing(currentTheme().px(5));
    facts->setColumnStretch(0, 1);
    const std::tuple<QString, const char*, QLabel*&> rows[] = {{tr("Same answer on repeats"), "checkSame", m_same},
                                                               {tr("Chose the left side"), "checkLeft", m_left},
                                                               {tr("Ties"), "checkTies", m_ties}};
    int line = 0;
    for (const auto& [title, name, value] : rows) {
        value = makeLabel({}, "mono");
        value->setObjectName(QLatin1String(name));
        facts->addWidget(makeLabel(title, "small"), line, 0);
        facts->addWidget(value, line++, 1, Qt::AlignRight);
    }
    column->addLayout(facts);
    return part;
}

QWidget* LabellerPanel::makeGuidelines()
{
    auto* part = new QWidget;
    QVBoxLayout* column = makePart(*part, tr("Guidelines"));
    m_guidelines = new QPlainTextEdit;
    m_guidelines->setObjectName(QStringLiteral("guidelines"));
    m_guidelines->setAccessibleName(tr("Guidelines"));
    m_guidelines->setPlaceholderText(tr("What makes an answer better here? Kept with the project."));
    m_guidelines->setTabChangesFocus(true);
    m_guidelines->installEventFilter(this);
    column->addWidget(m_guidelines, 1);
    return part;
}

void LabellerPanel::setSession(DatasetSession* session)
{
    m_session = session;
    showDecisions();
    showCheck();
}

void LabellerPanel::showGuidelines()
{
    m_guidelines->setPlainText(QString::fromStdString(m_workspace.state().guidelines));
    m_guidelines->document()->setModified(false);
    m_guidelines->setEnabled(m_workspace.project() != nullptr);
}

bool LabellerPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_guidelines && (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide))
        keepGuidelines();
    return QFrame::eventFilter(watched, event);
}

void LabellerPanel::keepGuidelines()
{
    if (!m_guidelines->document()->isModified()) return;
    m_guidelines->document()->setModified(false);
    m_workspace.setGuidelines(m_guidelines->toPlainText());
}

void LabellerPanel::showCheck()
{
    const SelfCheck check = m_queue.selfCheck();
    m_same->setText(check.repeats > 0
                        ? tr("%1 of %2").arg(QLocale().toString(check.same), QLocale().toString(check.repeats))
                        : QStringLiteral("–"));
    m_left->setText(shareText(check.left, check.sided));
    m_ties->setText(shareText(check.ties, check.votes));
}

void LabellerPanel::showDecisions()
{
    clearLayout(*m_decisions);
    const auto& decisions = m_queue.decisions();
    for (std::size_t i = 0; i < std::min(kShownDecisions, decisions.size()); ++i) {
        const Decision& decision = decisions[i];
        const bool isFirst = (decision.vote.vote == Vote::ChosenBetter) != decision.vote.wasSwapped;
        const bool isSided = decision.vote.vote == Vote::ChosenBetter || decision.vote.vote == Vote::RejectedBetter;
        auto* line = new QHBoxLayout;
        line->setSpacing(currentTheme().px(10));
        line->addWidget(
            new Badge(isSided ? (isFirst ? tr("A") : tr("B")) : DatasetTableModel::voteText(decision.vote.vote)));
        const auto number = m_session ? m_session->inputs().source->sourceNumber(decision.row) : 0;
        line->addWidget(makeLabel(tr("Pair %1").arg(QLocale().toString(static_cast<qulonglong>(number))), "small"), 1);
        auto* change = new Button(tr("change"), Button::Kind::Link);
        change->setDense();
        change->setAccessibleName(tr("Change the decision on pair %1").arg(number));
        connect(change, &Button::clicked, this, [this, row = decision.row] { m_queue.goTo(row); });
        line->addWidget(change);
        m_decisions->addLayout(line);
    }
}

}  // namespace preflab
