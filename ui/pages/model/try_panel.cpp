// SPDX-License-Identifier: GPL-3.0-or-later
// Question, answer, sampling.
#include "ui/pages/model/try_panel.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/models/app/workspace.h"
#include "ui/models/model/answer_sources.h"
#include "ui/models/model/ask_session.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/model/answer_text.h"
#include "ui/pages/model/prompt_field.h"
#include "ui/pages/model/sampling_form.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace preflab {

TryPanel::TryPanel(Workspace& workspace, QWidget* parent)
    : QFrame(parent), m_workspace(workspace), m_session(new AskSession(workspace, this)),
      m_sources(new AnswerSources(workspace, this))
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("side"));
    m_sampling = new SamplingForm;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeTop());
    layout->addWidget(makeLine());
    auto* body = new QVBoxLayout;
    body->setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14));
    body->setSpacing(theme.px(12));
    body->addWidget(makeAnswer(), 1);
    body->addWidget(m_sampling);
    body->addWidget(makeQuestion());
    layout->addLayout(body, 1);
    connect(m_session, &AskSession::began, this, [this] { m_answer->clearText(); });
    connect(m_session, &AskSession::textArrived, m_answer, &AnswerText::append);
    connect(m_session, &AskSession::stateChanged, this, &TryPanel::showState);
    connect(m_sampling, &SamplingForm::changed, this, &TryPanel::showReadiness);
    connect(&workspace, &Workspace::modelChanged, this, &TryPanel::showReadiness);
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        if (RunCenter* runs = m_workspace.runs())
            connect(runs, &RunCenter::activeChanged, this, &TryPanel::showReadiness);
        showReadiness();
    });
    if (RunCenter* runs = workspace.runs()) connect(runs, &RunCenter::activeChanged, this, &TryPanel::showReadiness);
    connect(m_sources, &AnswerSources::modelReset, this, &TryPanel::keepSource);
    keepSource();
    showState();
    showReadiness();
}

QWidget* TryPanel::makeTop()
{
    const Theme& theme = currentTheme();
    auto* top = new QWidget;
    top->setMinimumHeight(theme.px(43));
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(4));
    row->setSpacing(theme.px(8));
    QLabel* title = makeLabel(tr("Try it"), "strong");
    m_sourceBox = new ComboBox;
    m_sourceBox->setProperty("dense", true);
    m_sourceBox->setModel(m_sources);
    m_sourceBox->setAccessibleName(tr("Which weights answer"));
    m_sourceBox->setToolTip(tr("The base model, or the weights that a run of this project left"));
    m_sourceBox->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_sourceBox->setMinimumContentsLength(20);
    title->setBuddy(m_sourceBox);
    auto* more = new Button({}, QStringLiteral("settings"), Button::Kind::Bare);
    more->setDense();
    more->setCheckable(true);
    more->setAccessibleName(tr("More about how tokens are chosen"));
    more->setToolTip(tr("Length, top k and top p"));
    row->addWidget(title);
    row->addStretch(1);
    row->addWidget(m_sourceBox, 2);
    row->addWidget(more);
    connect(more, &Button::toggled, m_sampling, &SamplingForm::setUnfolded);
    connect(m_sourceBox, &QComboBox::activated, this, [this](int index) { m_source = m_sources->folderAt(index); });
    return top;
}

QWidget* TryPanel::makeAnswer()
{
    const Theme& theme = currentTheme();
    auto* area = new QWidget;
    auto* column = new QVBoxLayout(area);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.px(12));
    m_asked = makeLabel({});
    m_asked->setWordWrap(true);
    m_asked->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* bubble = new Bubble(m_asked);
    m_answer = new AnswerText;
    m_answer->setAccessibleName(tr("Answer"));
    m_status = makeLabel({}, "small", "muted");
    m_stop = new Button(tr("Stop"), QStringLiteral("stop"), Button::Kind::Bare);
    m_stop->setDense();
    m_stop->setKey(QStringLiteral("Esc"));
    m_problem = new Note(QStringLiteral("danger"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_status, 1);
    row->addWidget(m_stop);
    column->addWidget(bubble);
    column->addWidget(m_answer, 1);
    column->addWidget(m_problem);
    column->addLayout(row);
    column->addWidget(makeLine());
    connect(m_stop, &Button::clicked, m_session, &AskSession::stop);
    return area;
}

QWidget* TryPanel::makeQuestion()
{
    auto* area = new QWidget;
    auto* column = new QVBoxLayout(area);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(currentTheme().px(6));
    m_ask = new Button(tr("Ask"), QStringLiteral("send"), Button::Kind::Primary);
    m_ask->setDense();
    m_ask->setKey(QStringLiteral("Ctrl+Return"));
    auto* prompt = new PromptField(m_ask);
    m_prompt = prompt;
    m_prompt->setPlaceholderText(tr("Ask the model something"));
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setAccessibleDescription(tr("The model continues this text."));
    m_between = makeLabel(tr("A run trains: answers come between two of its steps."), "small", "muted");
    m_between->setWordWrap(true);
    column->addWidget(m_between);
    column->addWidget(m_prompt);
    connect(m_ask, &Button::clicked, this, &TryPanel::ask);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &TryPanel::showReadiness);
    return area;
}

void TryPanel::keepSource()
{
    const int row = m_source.empty() ? 0 : m_sources->rowOf(m_source);
    if (row < 0) m_source.clear();
    m_sourceBox->setCurrentIndex(std::max(row, 0));
    m_sourceBox->setEnabled(m_sources->rowCount() > 1);
    if (m_sources->rowCount() <= 1)
        m_sourceBox->setToolTip(
            tr("Runs that have saved weights are offered here, too; there is none in this project yet"));
}

QString TryPanel::hindrance() const
{
    if (m_workspace.modelPath().empty()) return tr("Open a model first.");
    if (m_workspace.modelError()) return tr("The model could not be read; open another one.");
    if (!m_workspace.model()) return tr("The model is still being read.");
    if (!m_sampling->isUsable()) return tr("Correct the marked field first.");
    if (m_prompt->toPlainText().trimmed().isEmpty()) return tr("Write something for the model to continue.");
    return {};
}

void TryPanel::showReadiness()
{
    const QString hindrance = this->hindrance();
    m_ask->setEnabled(hindrance.isEmpty());
    m_ask->setToolTip(hindrance.isEmpty() ? tr("Ask (Ctrl+Enter)") : hindrance);
    m_prompt->setEnabled(m_workspace.model().has_value());
    m_prompt->setToolTip(m_workspace.model() ? tr("The model continues this text.") : hindrance);
    m_between->setVisible(m_session->isBetweenSteps());
}

void TryPanel::ask()
{
    GenerateRequest request;
    if (!hindrance().isEmpty() || !m_sampling->fill(request)) return;
    request.model = m_source.empty() ? m_workspace.modelPath() : m_source;
    request.prompt = m_prompt->toPlainText().toStdString();
    request.threads = m_workspace.settings().preferences().threads;
    m_session->ask(request);
}

QString TryPanel::statusText() const
{
    using State = AskSession::State;
    const QString counted = tr("%n token(s)", nullptr, static_cast<int>(m_session->tokens()));
    const double speed = m_session->tokensPerSecond();
    //: how many tokens, and how fast they come: "41 tokens · 38 a second"
    const QString figures =
        speed > 0.0 ? tr("%1 · %2 a second").arg(counted, figureText(speed, speed < 10 ? 2 : 3)) : counted;
    switch (m_session->state()) {
    case State::Idle:
        return tr("The model continues what you write.");
    case State::Waiting:
        return m_session->isBetweenSteps() ? tr("Waiting for the end of a step…") : tr("Reading the model…");
    case State::Answering:
    case State::Done:
        return figures;
    case State::Stopped:
        return tr("%1, stopped").arg(figures);
    case State::Failed:
        return {};
    }
    return {};
}

void TryPanel::showState()
{
    const bool isFailed = m_session->state() == AskSession::State::Failed;
    const bool isAsked = m_session->state() != AskSession::State::Idle;
    m_asked->setText(m_session->question());
    m_asked->parentWidget()->setVisible(isAsked);
    m_stop->setVisible(m_session->isBusy());
    m_status->setText(statusText());
    m_problem->setVisible(isFailed);
    if (isFailed) m_problem->setText(errorText(*m_session->error()));
}

}  // namespace preflab
