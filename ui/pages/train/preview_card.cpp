// SPDX-License-Identifier: GPL-3.0-or-later
// The chart, where its margins come from, and what it means.
#include "ui/pages/train/preview_card.h"

#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/plots/chart_card.h"
#include "ui/plots/loss_preview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace preflab {

PreviewCard::PreviewCard(LossPreviewModel& model, RunDraft& draft, QWidget* parent)
    : QWidget(parent), m_model(model), m_draft(draft),
      m_plot(new LossPreview(tr("Loss over the margins of your pairs"))), m_card(new ChartCard(m_plot)),
      m_sources(new ComboBox), m_sentence(makeLabel({}, "small", "secondary")),
      m_scoring(makeLabel({}, "small", "muted")), m_score(new Button(tr("Score 256 pairs"), Button::Kind::Outlined)),
      m_line(new QHBoxLayout)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_card);
    m_sentence->setWordWrap(true);
    m_scoring->setWordWrap(true);
    setLook(*m_sources, "dense", true);
    m_sources->setAccessibleName(tr("Margins from"));
    m_sources->setToolTip(tr("Which model the margins of the pairs come from."));
    m_score->setDense();
    m_score->setToolTip(tr("Computes the margins of up to 256 pairs with this model."));
    m_line->setSpacing(currentTheme().px(8));
    auto* label = makeLabel(tr("Margins from"), "small", "muted");
    label->setBuddy(m_sources);
    m_line->addWidget(label);
    m_line->addWidget(m_sources);
    m_line->addWidget(m_score);
    m_line->addWidget(m_scoring, 1);
    m_card->body().addWidget(m_sentence);
    m_card->body().addLayout(m_line);
    connect(m_sources, &QComboBox::activated, this,
            [this](int index) { m_model.setSource(m_sources->itemData(index).toString()); });
    connect(m_score, &QPushButton::clicked, this, [this] {
        if (m_model.isScoring())
            m_model.cancelScores();
        else
            m_model.computeScores();
    });
    connect(&model, &LossPreviewModel::previewChanged, this, &PreviewCard::takePreview);
    connect(&model, &LossPreviewModel::sourcesChanged, this, &PreviewCard::takeSources);
    connect(&model, &LossPreviewModel::scoringChanged, this, &PreviewCard::takeScoring);
    connect(&draft, &RunDraft::choiceChanged, this, &PreviewCard::takeMethods);
    takeMethods();
    takeSources();
    takePreview();
}

/// Of a matched pair one method is drawn at a time.
void PreviewCard::takeMethods()
{
    const MethodChoice& choice = m_draft.choice();
    if (m_choice == choice.id) return;
    m_choice = choice.id;
    if (m_methods) m_methods->deleteLater();
    m_methods = nullptr;
    if (!choice.needsPairs)
        hide();
    else if (parentWidget())
        show();
    if (!choice.isMatched() || !choice.needsPairs) return;
    m_methods = new Segmented;
    m_methods->setAccessibleName(tr("Method that is drawn"));
    for (const ComponentDescription& method : choice.methods)
        m_methods->addSegment(QString::fromStdString(method.id), QString::fromStdString(method.title));
    m_methods->setCurrent(QString::fromStdString(m_model.method()->id));
    connect(m_methods, &Segmented::chosen, this, [this](const QString& id) { m_model.showMethod(id.toStdString()); });
    m_line->insertWidget(0, m_methods);
}

void PreviewCard::takePreview()
{
    const QString label = m_model.strengthLabel();
    m_card->setTitle(tr("What this %1 does to your pairs").arg(label.toLower()));
    m_plot->setXLabel(m_model.marginLabel());
    // The method may have gone while its curve was computed.
    const ComponentDescription* method = m_model.method();
    if (const auto& shown = m_model.preview(); shown && method) {
        const auto nameOf = [&](double value) { return tr("loss at %1").arg(figureText(value, 3)); };
        m_plot->setMargins(shown->margins);
        m_plot->setCurve({nameOf(shown->value), shown->x, shown->loss});
        m_plot->setComparison(LossPreview::Curve{nameOf(shown->compared), shown->x, shown->comparedLoss});
        m_plot->setMarker(0.0, method->needsReference ? tr("start: every pair is here") : tr("equal odds"));
    }
    m_sentence->setText(m_model.sentence());
    takeScoring();
}

void PreviewCard::takeSources()
{
    const QSignalBlocker quiet(m_sources);
    m_sources->clear();
    for (const MarginSource& source : m_model.sources()) m_sources->addItem(source.title, source.id);
    m_sources->setCurrentIndex(m_sources->findData(m_model.source()));
    takeScoring();
}

void PreviewCard::takeScoring()
{
    m_score->setVisible(m_model.needsScores() || m_model.isScoring());
    m_score->setText(m_model.isScoring() ? tr("Cancel") : tr("Score 256 pairs"));
    if (m_model.isScoring())
        m_scoring->setText(tr("%n pair(s) scored", nullptr, m_model.scoredPairs()));
    else
        m_scoring->setText(m_model.scoreError() ? errorText(*m_model.scoreError()) : QString());
}

}  // namespace preflab
