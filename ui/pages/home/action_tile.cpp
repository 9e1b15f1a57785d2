// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and measuring of tiles.
#include "ui/pages/home/action_tile.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/paint.h"

#include <QFocusEvent>
#include <QPainter>

#include <algorithm>

namespace preflab {
namespace {

int wrappedHeight(const QFont& font, const QString& text, int width)
{
    return QFontMetrics(font).boundingRect(QRect(0, 0, std::max(width, 1), 10000), Qt::TextWordWrap, text).height();
}

}  // namespace

ActionTile::ActionTile(const QString& title, const QString& sentence, const QString& iconName,
                       const QString& portableKey, Look look, QWidget* parent)
    : QAbstractButton(parent), m_sentence(sentence), m_icon(iconName), m_key(portableKey), m_look(look)
{
    setText(title);
    setAccessibleDescription(sentence);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

int ActionTile::keyWidth() const
{
    return keyCapWidth(keyText(m_key)) + currentTheme().px(12);
}

int ActionTile::textLeft() const
{
    return currentTheme().px(50);
}

int ActionTile::textWidth(int width) const
{
    return width - textLeft() - keyWidth() - currentTheme().px(16);
}

int ActionTile::titleHeight(int width) const
{
    return wrappedHeight(currentTheme().strong, text(), textWidth(width));
}

int ActionTile::sentenceHeight(int width) const
{
    return wrappedHeight(currentTheme().small, m_sentence, textWidth(width));
}

int ActionTile::heightForWidth(int width) const
{
    const Theme& theme = currentTheme();
    return std::max(theme.px(64), titleHeight(width) + sentenceHeight(width) + theme.px(2 + 24));
}

QSize ActionTile::sizeHint() const
{
    const int width = currentTheme().px(338);
    return {width, heightForWidth(width)};
}

QSize ActionTile::minimumSizeHint() const
{
    const int width = currentTheme().px(220);
    return {width, currentTheme().px(64)};
}

void ActionTile::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    const bool isFilled = m_look == Look::Filled;
    const bool isHovered = underMouse();
    QColor fill = isFilled ? theme.accentFill : theme.bgPanel;
    if (isHovered || isDown()) fill = isFilled ? theme.accentFillHover : (isDown() ? theme.bgPressed : theme.bgHover);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(isFilled ? fill : theme.borderSubtle);
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    const int size = theme.px(20);
    const QColor ink = isFilled ? theme.accentOnFill : theme.textPrimary;
    painter.drawPixmap(theme.px(16), (height() - size) / 2,
                       iconPixmap(m_icon, size, isFilled ? theme.accentOnFill : theme.accent, devicePixelRatioF()));
    const int top = (height() - titleHeight(width()) - sentenceHeight(width()) - theme.px(2)) / 2;
    painter.setFont(theme.strong);
    painter.setPen(ink);
    painter.drawText(QRect(textLeft(), top, textWidth(width()), titleHeight(width())), Qt::TextWordWrap, text());
    painter.setFont(theme.small);
    painter.setPen(isFilled ? theme.accentOnFill : theme.textMuted);
    painter.drawText(
        QRect(textLeft(), top + titleHeight(width()) + theme.px(2), textWidth(width()), sentenceHeight(width())),
        Qt::TextWordWrap, m_sentence);
    if (Button::areKeysShown())
        drawKeyCap(painter, QRect(width() - keyWidth() - theme.px(4), 0, keyWidth(), height()), keyText(m_key),
                   isFilled ? KeyCapLook::OnFill : KeyCapLook::Plain);
    if (!m_hasKeyboardFocus) return;
    if (isFilled) {
        painter.setPen(QPen(theme.accentOnFill, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(3.5, 3.5, -3.5, -3.5), 6, 6);
    } else {
        drawFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1), 7);
    }
}

void ActionTile::focusInEvent(QFocusEvent* event)
{
    m_hasKeyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                         event->reason() == Qt::ShortcutFocusReason;
    QAbstractButton::focusInEvent(event);
}

void ActionTile::focusOutEvent(QFocusEvent* event)
{
    m_hasKeyboardFocus = false;
    QAbstractButton::focusOutEvent(event);
}

}  // namespace preflab
