// SPDX-License-Identifier: GPL-3.0-or-later
// Steps, the way through them by keys, and the foot with back, next, start.
#include "ui/pages/train/wizard.h"

#include "core/base/schema.h"
#include "ui/models/app/number_text.h"
#include "ui/models/app/workspace.h"
#include "ui/pages/train/estimate_card.h"
#include "ui/pages/train/method_cards.h"
#include "ui/pages/train/preview_card.h"
#include "ui/pages/train/review_panel.h"
#include "ui/pages/train/settings_form.h"
#include "ui/pages/train/source_rows.h"
#include "ui/pages/train/start_bar.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/step_trail.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace preflab {
namespace {

constexpr int kWidest = 1180;

/// The settings by which a method is known, rebuilt when the method changes.
class StrengthCard : public Card {
public:
    explicit StrengthCard(RunDraft& draft) : m_draft(draft)
    {
        QObject::connect(&draft.form(), &ParamFormModel::fieldsChanged, this, [this] { rebuild(); });
        rebuild();
    }

private:
    void rebuild()
    {
        clearLayout(body());
        int rows = 0;
        for (const ParamField& field : m_draft.form().fields()) {
            if (field.spec.group != paramGroups().front() || field.spec.isAdvanced) continue;
            body().addWidget(new ParamRow(m_draft.form(), field.spec.key, HelpPlace::Below));
            ++rows;
        }
        body().addStretch(1);
        if (rows == 0)
            hide();
        else if (parentWidget())
            show();
    }

    RunDraft& m_draft;
};

/// As high as it needs, with the ground of the page below.
QWidget* atTop(QWidget* content)
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(content);
    column->addStretch(1);
    return page;
}

QScrollArea* makeScrolled(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    return area;
}

}  // namespace

Wizard::Wizard(TrainSetup& setup, FileChooser chooser, QWidget* parent)
    : QWidget(parent), m_setup(setup), m_chooser(std::move(chooser)),
      m_trail(new StepTrail({tr("Model"), tr("Data"), tr("Method"), tr("Settings"), tr("Review")})),
      m_steps(new QStackedWidget)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QWidget* step : {makeModelStep(), makeDataStep(), makeMethodStep(), makeSettingsStep(), makeReviewStep()})
        m_steps->addWidget(step);
    column->addWidget(m_steps, 1);
    column->addWidget(makeFoot());
    connect(m_trail, &StepTrail::clicked, this, &Wizard::goTo);
    connect(&setup, &TrainSetup::findingsChanged, this, &Wizard::takeState);
    connect(&setup, &TrainSetup::estimateChanged, this, &Wizard::takeState);
    connect(&setup, &TrainSetup::startingChanged, this, &Wizard::takeState);
    connect(&setup.workspace(), &Workspace::projectChanged, this, [this] {
        m_reached = 0;
        goTo(ModelStep);
    });
    takeState();
}

QWidget* Wizard::makeStep(const QString& question, const QString& sentence, QWidget* content)
{
    const Theme& theme = currentTheme();
    auto* inner = new QWidget;
    inner->setMaximumWidth(theme.px(kWidest));
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(theme.px(24), theme.px(18), theme.px(24), theme.px(18));
    column->setSpacing(theme.px(12));
    auto* head = new QVBoxLayout;
    head->setSpacing(theme.px(2));
    head->addWidget(makeLabel(question, "title"));
    auto* explanation = makeLabel(sentence, "", "secondary");
    explanation->setWordWrap(true);
    head->addWidget(explanation);
    column->addLayout(head);
    column->addWidget(content, 1);
    auto* outer = new QWidget;
    auto* row = new QHBoxLayout(outer);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(inner, 1);
    return outer;
}

QWidget* Wizard::makeModelStep()
{
    auto* card = new Card;
    auto* model = new ModelRow(m_setup, m_chooser);
    card->body().addWidget(model);
    auto* facts = makeLabel({}, "small", "secondary");
    facts->setWordWrap(true);
    card->body().addWidget(facts);
    const auto take = [this, facts] {
        const auto& report = m_setup.draft().modelReport();
        facts->setText(!report
                           ? QString()
                           : tr("%1 parameters in %2 layers, stored as %3. Training starts from a copy in memory: the "
                                "folder itself is never changed.")
                                 .arg(parametersText(report->parameters), groupedText(report->layers),
                                      QString::fromStdString(report->dtype).toLower()));
    };
    connect(&m_setup.draft(), &RunDraft::sourcesChanged, facts, take);
    take();
    m_first << QPointer<QWidget>(model->editor());
    return makeStep(tr("Which model should learn?"), tr("A folder with config.json, safetensors and a tokenizer."),
                    atTop(card));
}

QWidget* Wizard::makeDataStep()
{
    auto* card = new Card;
    auto* pairs = new DataRow(m_setup, m_chooser);
    card->body().addWidget(pairs);
    card->body().addWidget(new HeldOutRow(m_setup, m_chooser));
    auto* facts =
        makeLabel(tr("Held-out pairs are only evaluated: they tell whether training helps, and which method did "
                     "better."),
                  "small", "secondary");
    facts->setWordWrap(true);
    card->body().addWidget(facts);
    m_first << QPointer<QWidget>(pairs->editor());
    return makeStep(tr("Which pairs should it learn from?"),
                    tr("Each pair has a prompt, a chosen and a rejected answer. Your corrections are trained on, too."),
                    atTop(card));
}

QWidget* Wizard::makeMethodStep()
{
    const Theme& theme = currentTheme();
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.px(12));
    auto* cards = new MethodCards(m_setup.draft(), m_setup.workspace().backend());
    column->addWidget(cards, 1);
    auto* below = new QHBoxLayout;
    below->setSpacing(theme.px(12));
    below->addWidget(new StrengthCard(m_setup.draft()), 1);
    below->addWidget(new PreviewCard(m_setup.preview(), m_setup.draft()), 1);
    column->addLayout(below, 1);
    m_first << QPointer<QWidget>(cards);
    return makeStep(tr("How should the model learn from your pairs?"),
                    tr("Small drawings: loss against the margin between chosen and rejected, at the default setting."),
                    makeScrolled(content));
}

QWidget* Wizard::makeSettingsStep()
{
    auto* card = new Card;
    m_form = new SettingsForm(m_setup, SettingsForm::Scope::WithoutPreference, HelpPlace::Below);
    card->body().addWidget(m_form);
    m_first << QPointer<QWidget>(m_form);
    return makeStep(tr("How long, and how carefully?"),
                    tr("What is there works. A dot marks what differs from TRL's defaults."), makeScrolled(card));
}

QWidget* Wizard::makeReviewStep()
{
    auto* review = new ReviewPanel(m_setup);
    connect(review, &ReviewPanel::changeWanted, this, &Wizard::leadTo);
    connect(review, &ReviewPanel::placeWanted, this, &Wizard::wentTo);
    connect(review, &ReviewPanel::noticed, this, &Wizard::noticed);
    m_first << QPointer<QWidget>();
    return makeStep(tr("Check and start"),
                    tr("Nothing is written before you press Start. Every value can still be changed."),
                    makeScrolled(review));
}

QWidget* Wizard::makeFoot()
{
    const Theme& theme = currentTheme();
    auto* foot = new QFrame;
    foot->setProperty("role", QStringLiteral("footer"));
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(theme.px(24), theme.px(12), theme.px(24), theme.px(12));
    row->setSpacing(theme.px(10));
    m_cost = makeLabel({}, "strong");
    m_obstacle = makeLabel({}, "small", "danger");
    m_obstacle->setWordWrap(true);
    m_back = new Button(tr("Back"), QStringLiteral("left"));
    m_back->setKey(QStringLiteral("Alt+Left"));
    m_next = new Button({}, Button::Kind::Primary);
    m_next->setPrintedKey(QStringLiteral("Return"));
    m_start = new Button(tr("Start training"), QStringLiteral("play"), Button::Kind::Primary);
    m_start->setKey(QStringLiteral("Ctrl+Return"));
    row->addWidget(m_cost);
    row->addWidget(m_obstacle, 1);
    row->addWidget(m_back);
    row->addWidget(m_next);
    row->addWidget(m_start);
    connect(m_back, &QPushButton::clicked, this, [this] { goTo(step() - 1); });
    connect(m_next, &QPushButton::clicked, this, &Wizard::next);
    connect(m_start, &QPushButton::clicked, this, &Wizard::start);
    return foot;
}

void Wizard::begin()
{
    goTo(step());
}

int Wizard::step() const
{
    return m_steps->currentIndex();
}

void Wizard::goTo(int step)
{
    step = std::clamp(step, 0, StepCount - 1);
    if (step > m_reached + 1) return;
    m_reached = std::max(m_reached, step);
    m_steps->setCurrentIndex(step);
    if (m_trail) {
        m_trail->setReached(m_reached);
        m_trail->setCurrent(step);
    }
    takeState();
    if (!isVisible()) return;
    QWidget* first = m_first[step];
    if (auto* cards = qobject_cast<MethodCards*>(first)) first = cards->current();
    if (first == m_form)
        m_form->focusOn("learning_rate");
    else
        (first ? first : step == ReviewStep ? m_start : m_next)->setFocus(Qt::OtherFocusReason);
}

void Wizard::next()
{
    if (step() < ReviewStep) goTo(step() + 1);
}

void Wizard::start()
{
    m_setup.start();
    if (const DraftFinding* problem = m_setup.problem()) leadTo(problem->key);
}

int Wizard::stepOf(const std::string& key)
{
    if (key == "model") return ModelStep;
    if (key == "data") return DataStep;
    return key == "method" ? MethodStep : SettingsStep;
}

void Wizard::leadTo(const std::string& key)
{
    const ParamField* field = m_setup.draft().form().field(key);
    const bool isPreference = field && field->spec.group == paramGroups().front() && !field->spec.isAdvanced;
    const int where = isPreference ? MethodStep : stepOf(key);
    m_reached = std::max(m_reached, where);
    goTo(where);
    if (where == SettingsStep) m_form->focusOn(key);
}

void Wizard::takeState()
{
    static const std::array names{QT_TR_NOOP("Next: Data"), QT_TR_NOOP("Next: Method"), QT_TR_NOOP("Next: Settings"),
                                  QT_TR_NOOP("Next: Review")};
    const bool isLast = step() == ReviewStep;
    m_back->setVisible(step() > 0);
    m_next->setVisible(!isLast);
    if (!isLast) m_next->setText(tr(names[static_cast<std::size_t>(step())]));
    m_start->setVisible(isLast);
    showReadiness(*m_start, m_setup);
    const DraftFinding* problem = m_setup.problem();
    const bool isHere = problem && (isLast || (m_reached > step() && stepOf(problem->key) == step()));
    m_obstacle->setText(isHere ? problem->text : QString());
    const auto& estimate = m_setup.estimate();
    m_cost->setVisible(estimate.has_value());
    if (estimate) {
        m_cost->setText(tr("%1  ·  %2 of %3")
                            .arg(aboutText(estimate->seconds()), sizeText(estimate->largest().memoryBytes),
                                 sizeText(estimate->largest().availableBytes)));
    }
}

void Wizard::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && !(event->modifiers() & ~Qt::KeypadModifier) && step() < ReviewStep)
        next();
    else
        QWidget::keyPressEvent(event);
}

}  // namespace preflab
