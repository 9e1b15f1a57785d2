// SPDX-License-Identifier: GPL-3.0-or-later
// Reading texts in cards.
#include "ui/pages/runs/answers_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/labels.h"

#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

namespace preflab {

AnswersView::AnswersView(std::shared_ptr<RunController> run, QWidget* parent)
    : QScrollArea(parent), m_run(std::move(run))
{
    setAccessibleName(tr("Sample answers"));
    const Theme& theme = currentTheme();
    auto* list = new QWidget;
    m_list = new QVBoxLayout(list);
    m_list->setContentsMargins(theme.px(16), theme.px(16), theme.px(16), theme.px(16));
    m_list->setSpacing(theme.px(12));
    setWidget(list);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    connect(m_run.get(), &RunController::eventsArrived, this, &AnswersView::rebuild);
}

void AnswersView::showEvent(QShowEvent* event)
{
    QScrollArea::showEvent(event);
    rebuild();
}

void AnswersView::rebuild()
{
    // Cards of texts take a frame's time to make: not while nobody looks.
    if (!isVisible()) return;
    if (m_run->samples().size() == m_shown && m_list->count() > 0) return;
    m_shown = m_run->samples().size();
    const int position = verticalScrollBar()->value();
    clearLayout(*m_list);
    for (const std::string& prompt : promptsOf(m_run->samples())) m_list->addWidget(makeCard(prompt));
    if (m_shown == 0)
        m_list->addWidget(
            makeLabel(tr("No sample answers yet. They are written before and after training."), "", "muted"));
    m_list->addStretch(1);
    verticalScrollBar()->setValue(position);
}

QWidget* AnswersView::makeCard(const std::string& prompt)
{
    auto* card = new Card(QString::fromStdString(prompt));
    card->setMaximumWidth(currentTheme().px(760));
    for (const AnswerChange& change : changesOf(m_run->samples(), prompt)) card->body().addWidget(makeAnswer(change));
    return card;
}

QWidget* AnswersView::makeAnswer(const AnswerChange& change)
{
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(currentTheme().px(2));
    const QString when =
        change.before
            ? tr("Step %1; marked is what is new since step %2").arg(change.after.step).arg(change.before->step)
            : tr("Step %1, before training").arg(change.after.step);
    layout->addWidget(makeLabel(when, "small", "muted"));
    auto* text = new PairText;
    text->setAccessibleName(when);
    text->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    text->document()->setDocumentMargin(0);
    text->setText(change.after.answer, change.marks());
    // As high as its text at the card's width.
    const int width = currentTheme().px(720);
    text->document()->setTextWidth(width);
    text->setFixedHeight(static_cast<int>(text->document()->size().height()) + currentTheme().px(10));
    layout->addWidget(text);
    return widget;
}

}  // namespace preflab
