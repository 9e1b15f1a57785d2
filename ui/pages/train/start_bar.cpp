// SPDX-License-Identifier: GPL-3.0-or-later
// Readiness, the command line, one step, start.
#include "ui/pages/train/start_bar.h"

#include "ui/models/train/draft_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>

namespace preflab {
namespace {

constexpr int kLeastText = 150;  ///< design pixels for the text beside the buttons; with less it gets a line of its own

}  // namespace

void showReadiness(Button& start, const TrainSetup& setup)
{
    const DraftFinding* problem = setup.problem();
    start.setKind(problem || setup.isStarting() ? Button::Kind::Outlined : Button::Kind::Primary);
    start.setToolTip(problem ? problem->text : StartBar::tr("Trains in the background; you can go on working."));
    start.setAccessibleDescription(start.toolTip());
}

StartBar::StartBar(TrainSetup& setup, QWidget* parent)
    : QWidget(parent), m_setup(setup), m_icon(new IconLabel(QStringLiteral("check"), QStringLiteral("ok"))),
      m_text(makeLabel({}, "small", "secondary")), m_copy(new Button({}, QStringLiteral("copy"), Button::Kind::Bare)),
      m_try(new Button(tr("Try one step"))),
      m_start(new Button(tr("Start training"), QStringLiteral("play"), Button::Kind::Primary))
{
    m_row = new QBoxLayout(QBoxLayout::LeftToRight, this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(currentTheme().px(10));
    auto* says = new QHBoxLayout;
    says->addWidget(m_icon);
    says->addWidget(m_text, 1);
    m_buttons = new QHBoxLayout;
    m_buttons->addStretch(1);
    for (Button* button : {m_copy, m_try, m_start}) m_buttons->addWidget(button);
    for (QBoxLayout* part : {says, m_buttons}) part->setSpacing(m_row->spacing());
    m_row->addLayout(says, 1);
    m_row->addLayout(m_buttons);
    m_text->setWordWrap(true);
    m_copy->setAccessibleName(tr("Copy the command line"));
    m_copy->setToolTip(tr("Copies the command line that does the same without a window."));
    m_try->setObjectName(QStringLiteral("try"));
    m_start->setObjectName(QStringLiteral("start"));
    m_start->setKey(QStringLiteral("Ctrl+Return"));
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(joined(commandLines(m_setup.draft())));
        Q_EMIT commandCopied();
    });
    connect(m_try, &QPushButton::clicked, this, [this] {
        if (m_setup.isEstimating())
            m_setup.cancelEstimate();
        else
            m_setup.tryOneStep();
    });
    connect(m_start, &QPushButton::clicked, this, &StartBar::start);
    connect(&setup, &TrainSetup::findingsChanged, this, &StartBar::takeFindings);
    connect(&setup, &TrainSetup::startingChanged, this, &StartBar::takeFindings);
    connect(&setup, &TrainSetup::estimateChanged, this, &StartBar::takeEstimate);
    takeFindings();
}

QSize StartBar::minimumSizeHint() const
{
    // In one line or in two: it can become as narrow as its buttons.
    return {m_buttons->minimumSize().width(), layout()->minimumSize().height()};
}

void StartBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool isNarrow = width() < m_buttons->minimumSize().width() + currentTheme().px(kLeastText);
    m_row->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void StartBar::start()
{
    m_setup.start();
    if (const DraftFinding* problem = m_setup.problem()) Q_EMIT problemShown(problem->key);
}

void StartBar::takeFindings()
{
    const int problems = countOf(m_setup.findings(), DraftFinding::Kind::Problem);
    const int warnings = countOf(m_setup.findings(), DraftFinding::Kind::Warning);
    m_icon->setIcon(problems > 0 ? QStringLiteral("error") : QStringLiteral("check"),
                    problems > 0 ? QStringLiteral("danger") : QStringLiteral("ok"));
    if (m_setup.isStarting())
        m_text->setText(tr("Starting…"));
    else if (problems > 0)
        m_text->setText(problems == 1 ? m_setup.problem()->text : tr("%n thing(s) to solve first", nullptr, problems));
    else if (warnings > 0)
        m_text->setText(tr("Ready. %n finding(s) to look at", nullptr, warnings));
    else
        m_text->setText(tr("Ready."));
    QStringList all;
    for (const DraftFinding& finding : m_setup.findings()) {
        if (finding.kind != DraftFinding::Kind::Passed) all << finding.text;
    }
    m_text->setToolTip(all.join(QLatin1Char('\n')));
    showReadiness(*m_start, m_setup);
    takeEstimate();
}

void StartBar::takeEstimate()
{
    const QString obstacle = m_setup.estimateObstacle();
    m_try->setText(m_setup.isEstimating() ? tr("Cancel the step") : tr("Try one step"));
    m_try->setEnabled(m_setup.isEstimating() || obstacle.isEmpty());
    m_try->setToolTip(obstacle.isEmpty() ? tr("Times one step of this run, to tell its time and memory.") : obstacle);
}

}  // namespace preflab
