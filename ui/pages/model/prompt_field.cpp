// SPDX-License-Identifier: GPL-3.0-or-later
// A button inside a field.
#include "ui/pages/model/prompt_field.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace preflab {

PromptField::PromptField(Button* button, QWidget* parent) : QPlainTextEdit(parent), m_button(button)
{
    m_button->setParent(this);
    setTabChangesFocus(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    makeRoom();
}

void PromptField::makeRoom()
{
    setViewportMargins(0, 0, m_button->sizeHint().width() + currentTheme().px(12), 0);
    updateGeometry();
}

QSize PromptField::sizeHint() const
{
    return {currentTheme().px(240), currentTheme().px(72)};
}

void PromptField::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) makeRoom();
}

void PromptField::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    const int margin = currentTheme().px(10);
    const QSize size = m_button->sizeHint();
    m_button->setGeometry(width() - size.width() - margin, height() - size.height() - margin, size.width(),
                          size.height());
}

Bubble::Bubble(QLabel* text, QWidget* parent) : QFrame(parent)
{
    const Theme& theme = currentTheme();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(10));
    layout->addWidget(text);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void Bubble::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.borderSubtle);
    painter.setBrush(theme.bgInset);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

}  // namespace preflab
