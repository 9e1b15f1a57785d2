// SPDX-License-Identifier: GPL-3.0-or-later
// Frame of a question.
#include "ui/widgets/question.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace preflab {

Question::Question(QWidget* window)
    : QDialog(window), m_title(makeLabel({}, "heading")), m_text(makeLabel({}, "", "secondary")),
      m_body(new QVBoxLayout), m_answers(new QHBoxLayout)
{
    const Theme& theme = currentTheme();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20));
    layout->setSpacing(theme.px(12));
    m_text->setWordWrap(true);
    m_body->setSpacing(theme.px(10));
    m_answers->setSpacing(theme.px(8));
    m_answers->addStretch(1);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addLayout(m_body);
    layout->addSpacing(theme.px(4));
    layout->addLayout(m_answers);
}

void Question::setHeading(const QString& title, const QString& text)
{
    setWindowTitle(title);
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
}

void Question::setWayBack(Button* button)
{
    button->setPrintedKey(QStringLiteral("Esc"));
    button->setAutoDefault(true);
    m_answers->insertWidget(0, button);
    connect(button, &Button::clicked, this, &QDialog::reject);
}

void Question::addAnswer(Button* button)
{
    button->setAutoDefault(true);
    m_answers->addWidget(button);
}

void Question::showEvent(QShowEvent* event)
{
    // Before it is shown, so that the dialog comes in its size; sentences change from one asking to the next.
    const int width = qMin(currentTheme().px(520), parentWidget()->width() - currentTheme().px(40));
    setFixedWidth(width);
    layout()->activate();
    setFixedHeight(layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width)
                                                 : layout()->totalSizeHint().height());
    QDialog::showEvent(event);
}

}  // namespace preflab
